/** How the report looks, on a screen, in the dark and on paper. */
import { Markup } from './html.js'

export const pageStyle = new Markup(`
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #16202c; --soft: #556373; --line: #dfe5eb; --ground: #eff3f6;
  --right: #14548c; --wrong: #b4480f; --on-fill: #ffffff;
  --adelie: #2a8bc9; --chinstrap: #a3407f; --gentoo: #44525f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10161d; --card: #18212b; --ink: #e9eef3; --soft: #9dabb9; --line: #2b3743; --ground: #202b36;
    --right: #2f7fc4; --wrong: #d2691e; --on-fill: #ffffff;
    --adelie: #56b4e9; --chinstrap: #e59ccf; --gentoo: #8fa1b3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 56px 20px 40px; }
.eyebrow { margin: 0 0 6px; color: var(--right); font-weight: 600; font-size: 14px; letter-spacing: .02em; }
h1 { margin: 0; font-size: 40px; line-height: 1.15; letter-spacing: -.02em; }
h2 { margin: 0 0 18px; font-size: 19px; letter-spacing: -.005em; }
.lead { margin: 14px 0 32px; max-width: 60ch; color: var(--soft); font-size: 18px; }
section { margin: 0 0 20px; padding: 26px 28px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 20px; padding: 0; background: none; border: 0; }
.figure { padding: 20px 24px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.figure p { margin: 0; }
.label { color: var(--soft); font-size: 14px; }
.figure .value { margin: 2px 0 4px; font-size: 34px; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figure:first-child .value { color: var(--right); }
.note, .legend, footer { color: var(--soft); font-size: 14px; }
.note, .legend { margin: 14px 0 0; }
.figure .note { margin: 0; line-height: 1.4; }
.matrix { display: block; width: 100%; max-width: 620px; height: auto; margin: 0 auto; font-family: inherit; }
.matrix .axis { fill: var(--ink); font-size: 16px; font-weight: 600; }
.matrix .caption { fill: var(--soft); font-size: 14px; }
.ground { fill: var(--ground); }
.cell.right .fill { fill: var(--right); }
.cell.wrong .fill { fill: var(--wrong); }
.count { font-size: 28px; font-weight: 650; font-variant-numeric: tabular-nums; fill: var(--ink); }
.share { font-size: 14px; fill: var(--ink); }
.cell.light text { fill: var(--on-fill); }
.cell.none .count { fill: var(--soft); font-weight: 400; font-size: 20px; }
.swatch { display: inline-block; width: 12px; height: 12px; margin: 0 6px 0 0; border-radius: 4px; vertical-align: -1px; }
.swatch.right { background: var(--right); }
.swatch.wrong { background: var(--wrong); margin-left: 14px; }
.plot { display: block; width: 100%; height: auto; font-family: inherit; }
.plot .caption { fill: var(--soft); font-size: 13px; }
.tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); }
.mark { stroke: var(--card); stroke-width: .8; }
.adelie { fill: var(--adelie); }
.chinstrap { fill: var(--chinstrap); }
.gentoo { fill: var(--gentoo); }
.ring { fill: none; stroke: var(--wrong); stroke-width: 2.4; }
.key { width: 14px; height: 14px; margin: 0 6px 0 0; vertical-align: -2px; }
.key:not(:first-child) { margin-left: 14px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 9px 0 9px 12px; text-align: right; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-size: 14px; font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; }
th:first-child { padding-left: 0; text-align: left; }
tbody th { font-weight: 600; }
.unit { color: var(--soft); font-weight: 400; font-size: 14px; }
.wide { width: 34%; text-align: left; }
.bar { display: inline-block; height: 10px; margin-right: 6px; border-radius: 5px; background: var(--right); }
footer { padding: 12px 4px 0; }
footer p { margin: 0 0 6px; }
code { padding: 2px 7px; border: 1px solid var(--line); border-radius: 6px; font: 13px ui-monospace, "Liberation Mono", monospace; }
@media (max-width: 560px) { main { padding-top: 32px; } h1 { font-size: 32px; } section { padding: 20px 16px; } .features th:nth-child(n + 3), .features td:nth-child(n + 3) { display: none; } .wide { width: 55%; } }
@media print { body { background: none; } section, .figure { break-inside: avoid; } * { print-color-adjust: exact; } }
`)
