/** The rules of a style sheet that draw pictures, on the page and in files. */
export const plotRules = `svg text { fill: var(--ink); }
svg .tick, svg .note, svg .absent { fill: var(--soft); }
svg .value { font-weight: 600; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--faint); }
.rule { stroke: var(--line); }
.reference { stroke: var(--warn); stroke-dasharray: 3 3; }
.dot { fill: var(--soft); fill-opacity: 0.35; }
.band { fill: var(--band); }
.zero { stroke: var(--soft); }
.mark { stroke: var(--paper); stroke-width: 0.75; }
.mark.circle { fill: var(--one); }
.mark.diamond, .mark.square { fill: var(--two); }
.mark.triangle { fill: var(--three); }
.whisker { stroke-width: 1.5; }
.whisker.circle { stroke: var(--one); stroke-width: 1.5; }
.whisker.diamond, .whisker.square { stroke: var(--two); }
.whisker.triangle { stroke: var(--three); }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.others { fill: none; stroke: var(--others); stroke-width: 0.75; }
.point { fill: var(--accent); }
.second .curve { stroke: var(--two); stroke-width: 1.5; stroke-dasharray: 4 3; }
.second .point { fill: var(--two); }
`;
