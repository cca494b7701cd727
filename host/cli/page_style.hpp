// How the page of a run looks.
#pragma once

namespace weir::cli {

inline constexpr const char* kPageStyle = R"css(
:root{color-scheme:light dark;--ground:#fbfbf9;--panel:#fff;--ink:#1d2329;--quiet:#57606a;--edge:#d5d9de;--good:#1a6b3c;
--bad:#a1260d;--flow:#6b7683;--extract:#e3eefb;--transform:#f0edf7;--load:#e2f3e7;--code:#f1f2f4;--bar:#4a7fb5}
@media (prefers-color-scheme:dark){:root{--ground:#14171a;--panel:#1c2024;--ink:#e6e9ec;--quiet:#a3adb8;--edge:#3a424a;
--good:#6fd39a;--bad:#ff9c85;--flow:#8792a0;--extract:#1d3149;--transform:#2d2840;--load:#1c3a28;--code:#262b31;--bar:#6ea3d8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main,footer{max-width:68rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.15rem;margin:0 0 .6rem}
section{background:var(--panel);border:1px solid var(--edge);border-radius:10px;padding:1rem;margin:0 0 1rem}
article+article{margin-top:3rem}
.state{display:inline-block;border:2px solid;border-radius:6px;padding:0 .5rem;font-weight:600;font-size:1rem;vertical-align:.2rem}
.good{color:var(--good)}.bad{color:var(--bad)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}
dt{color:var(--quiet)}dd{margin:0}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:0 0 1rem}
.sums div{background:var(--panel);border:1px solid var(--edge);border-radius:10px;padding:.6rem .9rem}
.sums dt{font-size:.9rem}.sums dd{font-size:1.35rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
.wide{overflow-x:auto;max-width:100%}
.wide:focus-visible{outline:2px solid var(--bar);outline-offset:2px}
svg{display:block;margin:0 auto 1.2rem}dl+.wide{margin-top:.9rem}
svg text{font:14px system-ui,sans-serif;fill:var(--ink)}
svg .link{font-weight:600}svg .before{text-anchor:end}svg .component,svg .count{font-size:12.5px;fill:var(--quiet)}
svg rect{stroke:var(--edge)}svg .extract{fill:var(--extract)}svg .transform{fill:var(--transform)}svg .load{fill:var(--load)}
svg .flow{fill:none;stroke:var(--flow);stroke-width:1.5}svg .head{fill:var(--flow)}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;color:var(--quiet);padding:0 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-top:1px solid var(--edge);overflow-wrap:normal}
thead th{border-top:0;color:var(--quiet);font-weight:500}
tbody th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,pre{font:.88rem/1.45 ui-monospace,monospace;background:var(--code);border-radius:4px;padding:.05rem .3rem}
pre{padding:.6rem .8rem;margin:.3rem 0 .8rem;white-space:pre-wrap;overflow-wrap:anywhere}
td:has(.bar){width:50%;min-width:6rem}
.bar{display:block;height:.7rem;min-width:2px;background:var(--bar);border-radius:3px;margin-top:.4rem}
.quiet,footer{color:var(--quiet)}
h3{font-size:1rem;margin:.9rem 0 .3rem}
ul{margin:.2rem 0;padding-left:1.2rem}
@media (max-width:40rem){main{padding:.6rem}section{padding:.75rem}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.5rem}}
@media print{section{break-inside:avoid}}
)css";

}  // namespace weir::cli
