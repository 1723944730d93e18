"""Card designs of units: the gallery, the draft and its editor, versions, trials."""
