"""What an SVG of a design may be made of; everything else is refused."""

from card_designs.svg_source import XLINK_SPACE, XML_SPACE

SHAPES = frozenset(("circle", "ellipse", "line", "path", "polygon", "polyline", "rect"))
TEXTS = frozenset(("text", "textPath", "tspan"))
PAINTS = frozenset(("linearGradient", "pattern", "radialGradient", "stop"))
FILTERS = frozenset(
    (
        "filter",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
    )
)
"""Harmless, but CairoSVG leaves most of them out: ``design_svg`` says so by line."""

ELEMENTS = (
    SHAPES
    | TEXTS
    | PAINTS
    | FILTERS
    | frozenset(
        (
            "a",
            "clipPath",
            "defs",
            "desc",
            "g",
            "image",
            "marker",
            "mask",
            "metadata",
            "style",
            "svg",
            "switch",
            "symbol",
            "title",
            "use",
        )
    )
)

_DRAWING_PROGRAMS = (
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.openswatchbook.org/uri/2009/osb",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.serif.com/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://vectornator.io",
    "https://boxy-svg.com",
    "http://ns.adobe.com/AdobeIllustrator/10.0/",
    "http://ns.adobe.com/AdobeSVGViewerExtensions/3.0/",
    "http://ns.adobe.com/Extensibility/1.0/",
    "http://ns.adobe.com/GenericCustomNamespace/1.0/",
    "http://ns.adobe.com/Graphs/1.0/",
    "http://ns.adobe.com/ImageReplacement/1.0/",
    "http://ns.adobe.com/SaveForWeb/1.0/",
    "http://ns.adobe.com/Variables/1.0/",
    "http://ns.adobe.com/XPath/1.0/",
)
EDITOR_SPACES = frozenset(_DRAWING_PROGRAMS)
"""Notes of drawing programs to themselves: no browser and no renderer acts on them."""

PROPERTIES = frozenset(
    (
        "alignment-baseline",
        "baseline-shift",
        "clip",
        "clip-path",
        "clip-rule",
        "color",
        "color-interpolation",
        "color-interpolation-filters",
        "color-rendering",
        "direction",
        "display",
        "display-anchor",
        "dominant-baseline",
        "enable-background",
        "fill",
        "fill-opacity",
        "fill-rule",
        "filter",
        "flood-color",
        "flood-opacity",
        "font",
        "font-family",
        "font-feature-settings",
        "font-kerning",
        "font-size",
        "font-size-adjust",
        "font-stretch",
        "font-style",
        "font-variant",
        "font-variant-alternates",
        "font-variant-caps",
        "font-variant-east-asian",
        "font-variant-ligatures",
        "font-variant-numeric",
        "font-variant-position",
        "font-variation-settings",
        "font-weight",
        "image-rendering",
        "inline-size",
        "isolation",
        "letter-spacing",
        "line-height",
        "marker",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "mask-type",
        "mix-blend-mode",
        "opacity",
        "overflow",
        "paint-order",
        "shape-inside",
        "shape-margin",
        "shape-padding",
        "shape-rendering",
        "shape-subtract",
        "solid-color",
        "solid-opacity",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-align",
        "text-anchor",
        "text-decoration",
        "text-decoration-color",
        "text-decoration-line",
        "text-decoration-style",
        "text-indent",
        "text-orientation",
        "text-overflow",
        "text-rendering",
        "text-transform",
        "unicode-bidi",
        "vector-effect",
        "visibility",
        "white-space",
        "word-spacing",
        "writing-mode",
    )
)
"""What an element may declare of its looks, as attributes or inside ``style``."""

EDITOR_PROPERTIES = ("-inkscape-", "-webkit-text-", "-moz-text-", "block-progression")

LENGTHS = frozenset(
    (
        "cx",
        "cy",
        "dx",
        "dy",
        "fr",
        "fx",
        "fy",
        "height",
        "markerHeight",
        "markerWidth",
        "offset",
        "r",
        "refX",
        "refY",
        "rx",
        "ry",
        "startOffset",
        "stdDeviation",
        "textLength",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    )
)
_OTHERS = frozenset(
    (
        "amplitude",
        "baseProfile",
        "class",
        "clipPathUnits",
        "d",
        "exponent",
        "filterUnits",
        "gradientTransform",
        "gradientUnits",
        "href",
        "id",
        "in",
        "in2",
        "intercept",
        "k1",
        "k2",
        "k3",
        "k4",
        "lang",
        "lengthAdjust",
        "markerUnits",
        "maskContentUnits",
        "maskUnits",
        "method",
        "mode",
        "operator",
        "orient",
        "pathLength",
        "patternContentUnits",
        "patternTransform",
        "patternUnits",
        "points",
        "preserveAspectRatio",
        "primitiveUnits",
        "radius",
        "requiredFeatures",
        "result",
        "role",
        "rotate",
        "slope",
        "spacing",
        "spreadMethod",
        "style",
        "systemLanguage",
        "tableValues",
        "transform",
        "type",
        "values",
        "version",
        "viewBox",
        "xmlns",
        "zoomAndPan",
    )
)
ATTRIBUTES = PROPERTIES | LENGTHS | _OTHERS
NUMERIC = LENGTHS | frozenset(
    (
        "d",
        "font-size",
        "gradientTransform",
        "letter-spacing",
        "opacity",
        "patternTransform",
        "points",
        "radius",
        "rotate",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-miterlimit",
        "stroke-width",
        "tableValues",
        "transform",
        "values",
        "viewBox",
        "word-spacing",
    )
)
"""Their values are numbers, in whatever notation."""

SPACED_ATTRIBUTES = frozenset(
    (
        f"{{{XLINK_SPACE}}}href",
        f"{{{XLINK_SPACE}}}title",
        f"{{{XLINK_SPACE}}}type",
        f"{{{XLINK_SPACE}}}show",
        f"{{{XLINK_SPACE}}}actuate",
        f"{{{XLINK_SPACE}}}role",
        f"{{{XLINK_SPACE}}}arcrole",
        f"{{{XML_SPACE}}}space",
        f"{{{XML_SPACE}}}lang",
        f"{{{XML_SPACE}}}id",
    )
)
HREFS = ("href", f"{{{XLINK_SPACE}}}href")

DATA_NUMERIC = frozenset(
    (
        "data-line-height",
        "data-lines",
        "data-max-height",
        "data-max-width",
        "data-min-size",
    )
)
