/** The one style sheet. Colours are told apart by form or sign as well, and hold 4.5 : 1 against what is behind them. */
export const style = `
:root{color-scheme:light dark;--bg:#f8f8f6;--card:#fff;--ink:#1d2129;--soft:#5a6270;--line:#e2e3df;--code:#f6f6f3;--accent:#2f5bc7;--tint:#e9effb;
--good:#18774a;--wait:#7d5a00;--bad:#b82828;--layout:#0b6a7d;--block:#8a35a3;--half:#a8440d;--add:#e4f4e9;--added:#0f5a34;--cut:#fbe9e9;--removed:#962020;--alter:#fdf1d6;--altered:#6f4e00}
@media screen and (prefers-color-scheme:dark){:root{--bg:#131519;--card:#1a1d23;--ink:#e4e6ea;--soft:#a3abb7;--line:#2d323b;--code:#15181d;--accent:#93b4ff;--tint:#1f2a42;
--good:#62d49b;--wait:#e6b75f;--bad:#ff9089;--layout:#6fcbdd;--block:#dba6f2;--half:#ffa876;--add:#15301f;--added:#93e2b5;--cut:#3a1c1d;--removed:#ffb3ad;--alter:#372b10;--altered:#f0cd85}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main,header.top,footer{max-width:76rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:3.5rem}footer{padding-top:1rem;padding-bottom:4rem;color:var(--soft);font-size:.875rem}
h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:.25rem 0 .5rem}
h2{font-size:1.35rem;font-weight:650;letter-spacing:-.01em;margin:3.5rem 0 .5rem}
h3,h4{font-size:1rem;font-weight:600;margin:0}
h4{font-size:.8125rem;color:var(--soft);margin:1.75rem 0 .5rem;letter-spacing:.01em}
p{margin:.35rem 0;max-width:46rem}a{color:var(--accent);text-underline-offset:.15em}
code,pre,.mono,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{font-size:.875em}.soft{color:var(--soft)}.brand{color:var(--accent);font-weight:600;font-size:.875rem;margin:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));margin:2rem 0 0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}
.tiles div{padding:1rem 1.25rem;box-shadow:1px 1px 0 var(--line)}.tiles dt{color:var(--soft);font-size:.8125rem}.tiles dd{margin:.1rem 0 0;font-size:1.25rem;font-weight:600;line-height:1.3}
.tiles small{display:block;font-size:.8125rem;font-weight:400;color:var(--soft)}
.strip{margin:1.5rem 0 0}.strip svg{display:block;width:100%;height:52px}.strip figcaption{color:var(--soft);font-size:.8125rem;margin-top:.4rem}
.note{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:8px;padding:.75rem 1.25rem;margin:1.5rem 0 0}
.note.warn{border-left-color:var(--bad)}.note ul{margin:.25rem 0;padding-left:1.2rem;list-style:disc}.note.warn li:has(.state){list-style:none;margin-left:-1.2rem}.note p{margin:.2rem 0}
nav.jump{margin:1.5rem 0 0;display:flex;gap:1.5rem;flex-wrap:wrap;font-size:.9375rem}
.tools{display:flex;gap:.75rem;flex-wrap:wrap;align-items:center;margin:1rem 0}
input[type=search],select,button{font:inherit;font-size:.9375rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.45rem .8rem;min-width:0;max-width:100%}
input[type=search]{flex:1 1 16rem}#step-name{flex:0 1 22rem}#found:empty{display:none}button{cursor:pointer}button:hover:not(:disabled){border-color:var(--accent)}button:disabled{opacity:.45;cursor:default}
input[type=range]{flex:1 1 12rem;accent-color:var(--accent);min-width:8rem}
.timeline{list-style:none;margin:0;padding:0}
.day{font-size:.8125rem;font-weight:600;color:var(--soft);margin:2rem 0 .5rem}
.item{position:relative;padding-left:2.25rem;content-visibility:auto;contain-intrinsic-size:auto 5.2rem}
.item::before{content:"";position:absolute;left:.69rem;top:0;bottom:0;width:2px;background:var(--line)}
.item>.dot{position:absolute;left:.2rem;top:1.3rem;width:1.1rem;height:1.1rem;background:var(--bg);border-radius:50%}
.item>details{border:1px solid var(--line);border-radius:12px;background:var(--card);margin:0 0 .6rem}
.item summary{list-style:none;cursor:pointer;padding:.9rem 1.25rem;display:grid;grid-template-columns:minmax(42%,1fr) minmax(0,auto);gap:.1rem 1.5rem;border-radius:12px}
.item summary::-webkit-details-marker{display:none}.item summary:hover h3{color:var(--accent)}
.item summary h3::after{content:"";display:inline-block;width:.4em;height:.4em;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg) translate(-.05em,-.1em);margin-left:.55em;transition:transform .12s}
.item details[open]>summary h3::after{transform:rotate(45deg) translate(-.2em,-.1em)}
.item .when{display:flex;flex-wrap:wrap;min-width:0;gap:.5rem;align-items:center;justify-content:flex-end;font-size:.8125rem}.item .id{grid-column:1;color:var(--soft);font-size:.8125rem}.item .what{color:var(--soft);font-size:.8125rem;text-align:right}
.body{padding:0 1.25rem 1.25rem;border-top:1px solid var(--line)}
.state{display:inline-flex;align-items:center;gap:.35em;font-weight:600;font-size:.8125rem;white-space:nowrap}.state svg{width:1em;height:1em;flex:none}
.applied{--c:var(--good)}.pending{--c:var(--wait)}.changed,.missing{--c:var(--bad)}.reformatted{--c:var(--layout)}.blocked{--c:var(--block)}.partial{--c:var(--half)}.file{--c:var(--accent)}
.state,.dot{color:var(--c)}.strip rect{fill:var(--c)}
.bar{display:inline-block;vertical-align:.1em;width:4rem;height:.4rem}.bar .all{fill:var(--line)}.bar .part{fill:var(--accent)}
dl.facts{display:grid;grid-template-columns:fit-content(9rem) minmax(0,1fr);gap:.15rem 1.25rem;margin:1rem 0 0;font-size:.875rem}dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1rem;align-items:start}
figure{margin:0 0 1rem;min-width:0}figcaption{font-size:.8125rem;color:var(--soft);margin:0 0 .4rem}
pre{margin:0;background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.75rem 0;overflow:auto;max-height:40rem;font-size:.8125rem;line-height:1.55;tab-size:4;overflow-wrap:normal}
pre.code{counter-reset:l}pre.code>span{display:inline-block;min-width:100%;padding:0 1rem 0 0;counter-increment:l}
pre.code>span::before{content:counter(l);display:inline-block;width:3.2em;padding-right:1em;text-align:right;color:var(--soft);user-select:none}
pre b{font-weight:500;color:var(--accent)}pre i{font-style:normal;color:var(--soft)}pre u{text-decoration:none;color:var(--good)}
pre .todo{background:var(--alter)}pre .guard{background:var(--tint)}pre .todo i,pre .todo,pre .todo::before{color:var(--altered)}pre .guard i,pre .directive i{color:var(--accent)}
pre.diff>*{display:block;padding:0 1rem;min-width:max-content;text-decoration:none;font-weight:400}
pre.diff ins,.sign.added{background:var(--add);color:var(--added)}pre.diff del,.sign.removed{background:var(--cut);color:var(--removed)}pre.diff b{color:var(--soft);background:var(--tint)}.sign.changed{background:var(--alter);color:var(--altered)}
.sign{display:inline-block;min-width:1.3em;text-align:center;border-radius:4px}
.note+.picture,.tools+.picture{margin-top:1rem}.picture{overflow:auto;max-height:46rem;border:1px solid var(--line);border-radius:8px;background:var(--code);padding:1.25rem;margin:.5rem 0}
.picture svg{display:block}svg text{font-size:12px;fill:var(--ink)}svg text.name{font-weight:600;font-size:12.5px}svg text.type{text-anchor:end;fill:var(--soft)}
.card .box{fill:var(--card);stroke:var(--line);stroke-width:1.25}.card .rule{stroke:var(--line);stroke-width:1}.card.added>.box{stroke:var(--good);stroke-width:2}.card.changed>.box{stroke:var(--wait);stroke-width:2}.card.removed>.box{stroke:var(--bad);stroke-width:2;stroke-dasharray:2 3}
.card.touched>.box{stroke:var(--accent);stroke-width:2.25}.card.uncertain>.box,.card>.box.uncertain{stroke-dasharray:7 4;stroke:var(--half);stroke-width:1.75}
g.added>rect:not(.box){fill:var(--add)}g.removed>rect:not(.box){fill:var(--cut)}g.changed>rect:not(.box){fill:var(--alter)}
g.added:not(.card)>text{fill:var(--added)}g.removed:not(.card)>text{fill:var(--removed);text-decoration:line-through}g.changed:not(.card)>text{fill:var(--altered)}g.note>text{fill:var(--soft);font-size:11.5px}g.new>text{fill:var(--accent);font-weight:600}
.link{fill:none;stroke:var(--soft);stroke-width:1.25;opacity:.75;marker-end:url(#arrow);marker-start:url(#start)}.link.added{stroke:var(--good);stroke-width:2;opacity:1}.link.removed{stroke:var(--bad);stroke-dasharray:4 4;opacity:1}.link.new{stroke:var(--accent);stroke-width:2;opacity:1}
.key{fill:var(--accent)}.tip{fill:var(--soft);fill:context-stroke}.off{display:none}.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;font-size:.8125rem;color:var(--soft);margin:.5rem 0;padding:0;list-style:none}.legend svg{width:12px;height:12px;vertical-align:-1px;margin-right:.35em}
ul.columns{columns:19rem;padding-left:0;list-style:none;font-size:.875rem}ul.columns li{break-inside:avoid;padding:.1rem 0}
ul.plain{padding-left:1.2rem;margin:.4rem 0;font-size:.875rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem;width:100%}th{text-align:left;white-space:nowrap;font-weight:600;color:var(--soft);font-size:.8125rem}td,th{padding:.3rem 1rem .3rem 0;vertical-align:top;border-bottom:1px solid var(--line)}td.number{text-align:right}
details.table{border-bottom:1px solid var(--line)}details.table>summary{cursor:pointer;padding:.45rem 0}details.table>*:not(summary){margin-bottom:1rem}
tr.todo td:first-child{border-left:4px solid var(--block);padding-left:.5rem}ul.todo{background:var(--alter);color:var(--altered);border-radius:8px;padding:.6rem 2rem}
@media(max-width:48rem){main,header.top,footer{padding-left:1rem;padding-right:1rem}header.top{padding-top:1.75rem}h1{font-size:1.5rem}h2{margin-top:2.5rem}.pair{grid-template-columns:minmax(0,1fr)}
.item{padding-left:1.6rem}.item::before{left:.5rem}.item>.dot{left:0}.item summary{grid-template-columns:minmax(0,1fr);padding:.8rem .9rem}.item .what{text-align:left}.item .when{justify-content:flex-start}.body{padding:0 .9rem .9rem}.tiles{grid-template-columns:1fr 1fr}.tiles div{padding:.75rem .9rem}.tiles dd{font-size:1.05rem}.bar{width:3rem}.picture{padding:.75rem;max-height:34rem}dl.facts{grid-template-columns:minmax(0,1fr)}dl.facts dd{margin-bottom:.4rem}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
@media print{:root{--bg:#fff;--code:#fff}[data-script]{display:none!important}body{font-size:11pt}.tools,nav.jump,.skip{display:none!important}header.top{padding-top:0}main,header.top,footer{max-width:none;padding:0}.item{content-visibility:visible;break-inside:auto}.item summary,.tiles,tr{break-inside:avoid}h2,h3,h4,.day{break-after:avoid}pre,.picture{max-height:none;overflow:visible;white-space:pre-wrap}.picture svg{max-width:100%;height:auto}a{color:inherit}}
`
