/** Style sheet of the report. */
export const STYLE = `
:root { --ink: #1e293b; --soft: #526074; --line: #e2e8f0; --leaf: #1f6f5c; --paper: #ffffff; --ground: #f5f7f9; --bad: #9b2c2a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 32px; }
.brand { margin: 0; color: var(--leaf); font-weight: 700; letter-spacing: .08em; text-transform: uppercase; font-size: 13px; }
h1 { margin: 4px 0 8px; font-size: 32px; line-height: 1.2; }
header p { max-width: 80ch; margin: 0 0 6px; }
.meta, footer p, figcaption p { color: var(--soft); font-size: 14px; }
h2 { margin: 0; font-size: 17px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; margin: 22px 0; }
.figure { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.figure dt { color: var(--soft); font-size: 13px; }
.figure dd { margin: 2px 0 0; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; }
.figure small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); }
.figure.good dd { color: var(--leaf); }
.figure.bad dd { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)); gap: 16px; }
.charts > section { grid-column: 1 / -1; }
figure, section { margin: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
main > section { margin-top: 16px; }
figcaption p { margin: 2px 0 8px; }
figure svg { display: block; width: 100%; height: auto; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 6px; padding: 0; font-size: 13px; }
.key { display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.key.dashed { border-top: 2px dashed; }
.key.area { border-top-width: 10px; border-radius: 2px; opacity: .75; }
.diary { list-style: none; margin: 10px 0 0; padding: 0; max-height: 380px; overflow-y: auto; }
.diary > li { display: grid; grid-template-columns: 70px 1fr; gap: 8px; padding: 6px 0; border-top: 1px solid var(--line); }
.diary ul { list-style: none; margin: 0; padding: 0; }
.day { color: var(--soft); font-variant-numeric: tabular-nums; }
.keeper { color: var(--soft); }
.grave { color: var(--bad); font-weight: 600; }
.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
thead th { color: var(--soft); font-size: 13px; }
tbody th { font-weight: 600; }
#promises + .scroll td:nth-child(2) { white-space: normal; }
.number { text-align: right; }
tr.total > * { font-weight: 650; border-bottom: 0; border-top: 2px solid var(--line); }
footer { padding: 20px 20px 40px; }
:focus-visible { outline: 2px solid var(--leaf); outline-offset: 2px; }
`;
