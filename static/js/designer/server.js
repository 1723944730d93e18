// What the editor asks of the server: one method per address, JSON both ways.

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.message ?? `Máy chủ không nhận (mã ${status}). Thử lại sau giây lát.`);
    this.status = status;
    this.answer = answer;
  }

  get isConflict() {
    return this.status === 409;
  }
}

export class Server {
  #base;
  #token;

  constructor(base, token) {
    this.#base = base;
    this.#token = token;
  }

  state(side) {
    return this.#ask(`${side}.json`);
  }

  fields() {
    return this.#ask("truong.json");
  }

  members(words) {
    return this.#ask(`doan-vien.json?q=${encodeURIComponent(words)}`);
  }

  apply(side, revision, operations) {
    return this.#send(`${side}/thao-tac`, { revision, operations });
  }

  undo(side, revision) {
    return this.#send(`${side}/hoan-tac`, { revision });
  }

  redo(side, revision) {
    return this.#send(`${side}/lam-lai`, { revision });
  }

  check(side, source) {
    return this.#send("kiem-tra", { side, source });
  }

  upload(side, revision, file, as) {
    const body = new FormData();
    body.append("file", file);
    body.append("revision", revision);
    body.append("as", as);
    return this.#ask(`${side}/hinh`, { method: "POST", body });
  }

  // The drawn side as a Blob; a card that the gate refuses is Refused, with reasons.
  async picture(side, query, signal) {
    const answer = await this.#fetch(`${side}.png?${new URLSearchParams(query)}`, { signal });
    return answer.blob();
  }

  async #ask(address, request) {
    return (await this.#fetch(address, request)).json();
  }

  #send(address, values) {
    return this.#ask(address, {
      method: "POST",
      body: JSON.stringify(values),
      headers: { "Content-Type": "application/json" },
    });
  }

  async #fetch(address, { headers, ...request } = {}) {
    let answer;
    try {
      answer = await fetch(`${this.#base}/${address}`, {
        ...request,
        headers: { ...headers, Accept: "application/json", "X-CSRFToken": this.#token },
      });
    } catch (problem) {
      if (problem.name === "AbortError") throw problem;
      throw new Refused(0, {
        message: "Mất kết nối với máy chủ. Kiểm tra mạng rồi làm lại thao tác vừa rồi.",
      });
    }
    if (answer.redirected) {
      throw new Refused(401, { message: "Phiên làm việc đã hết. Đăng nhập lại rồi mở lại trang này." });
    }
    if (answer.ok) return answer;
    throw new Refused(answer.status, await answer.json().catch(() => ({})));
  }
}
