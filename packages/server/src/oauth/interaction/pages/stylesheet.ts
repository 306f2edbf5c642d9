/** The one stylesheet of all pages: paper, ink, one red seal. Light and dark, from 320 px up, and in forced colours. */

const tokens = `
:root{color-scheme:light dark;
--paper:#FBFAF6;--sheet:#FFFFFF;--ink:#1B1B18;--ink-2:#5B5A53;--line:#E3E0D6;--edge:#8B877A;--seal:#C2351F;--seal-deep:#A32A17;--on-seal:#FFFFFF;
--wash:#F5F2EA;--ok:#2E6B3E;--warn:#8A5A00;--bad:#A32013;--bad-wash:#FCF1EE;--warn-wash:#FBF4E4;
--shade:0 1px 2px rgb(27 27 24/.05),0 12px 32px -12px rgb(27 27 24/.12);
--sans:-apple-system,"Segoe UI Variable Text","Segoe UI",Roboto,"Hiragino Sans","Yu Gothic UI","Noto Sans","Noto Sans JP","Noto Sans CJK JP",system-ui,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Noto Sans Mono","DejaVu Sans Mono","Noto Sans Mono CJK JP",monospace}
@media (prefers-color-scheme:dark){:root{
--paper:#14140F;--sheet:#1D1D18;--ink:#EDEBE4;--ink-2:#A9A79D;--line:#33322B;--edge:#7D7A6E;--seal:#E8604A;--seal-deep:#F07C68;--on-seal:#1A0B07;
--wash:#25251F;--ok:#7CC48E;--warn:#E0B050;--bad:#F08A7A;--bad-wash:#2B1C18;--warn-wash:#2A2415;--shade:0 0 0 1px #2A2A23}}
`;

const base = `
*,*::before,*::after{box-sizing:border-box}
html{font:100%/1.55 var(--sans);-webkit-text-size-adjust:100%;text-size-adjust:100%}
html:lang(ja){line-height:1.75;line-break:strict;word-break:auto-phrase}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:safe center;gap:1.25rem;
padding:2rem 1rem;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
h1{margin:0;font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.012em;text-wrap:balance}
h1:lang(ja){line-height:1.45;letter-spacing:0}
h2{margin:0 0 .75rem;font-size:1rem;line-height:1.4;font-weight:650}
p{margin:0}
a{color:inherit;text-decoration-thickness:1px;text-underline-offset:.2em;text-decoration-color:var(--edge)}
a:hover{text-decoration-color:var(--seal)}
code,.mono{font-family:var(--mono);font-size:.9em}
bdi{font-weight:600}
.soft{color:var(--ink-2)}
.small{font-size:.875rem}
:focus{outline:none}
:focus-visible{outline:2px solid var(--seal);outline-offset:2px}
.sheet:focus-visible,.summary:focus-visible{outline:none}
`;

const sheet = `
.sheet{width:100%;max-width:26rem;background:var(--sheet);border:1px solid var(--line);border-radius:10px;box-shadow:var(--shade)}
.part{padding:1.5rem 2rem}
.part:first-child{padding-top:1.75rem}.part:last-child{padding-bottom:2rem}
.part>*+*{margin-top:1rem}
.part>h1+p{margin-top:.5rem}
.host{display:flex;align-items:center;justify-content:space-between;gap:1rem;margin-bottom:1.5rem}
.host-name{display:block;font-family:var(--mono);font-size:.875rem;color:var(--ink-2);line-height:1.4}
.mark{display:block;flex:none;width:2.75rem;height:2.75rem;rotate:3deg}
.mark-seal{fill:var(--seal)}.mark-hand{fill:var(--sheet);stroke:var(--sheet)}
.part+.part{border-top:1px solid var(--line)}
.part+.stub{position:relative;border-top:1px dashed var(--edge);background:var(--paper);border-radius:0 0 9px 9px}
.stub::before,.stub::after{content:"";position:absolute;top:-7px;width:7px;height:13px;background:var(--paper);border:1px solid var(--line)}
.stub::before{left:-1px;border-left:0;border-radius:0 13px 13px 0}
.stub::after{right:-1px;border-right:0;border-radius:13px 0 0 13px}
footer{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;justify-content:center;max-width:26rem;font-size:.875rem;color:var(--ink-2)}
footer a,footer span{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 .25rem}
footer [aria-current]{color:var(--ink);font-weight:600}
`;

const forms = `
form{margin:0}
.fields>*+*{margin-top:1.25rem}
.field label{display:block;font-weight:600;margin-bottom:.375rem}
.field .hint{margin:0 0 .375rem;font-size:.875rem;color:var(--ink-2)}
.field input{display:block;width:100%;min-height:2.875rem;padding:.5rem .75rem;font:inherit;color:var(--ink);background:var(--sheet);border:1px solid var(--edge);border-radius:8px}
.field input:hover{border-color:var(--ink-2)}
.field input:focus{border-color:var(--seal);outline:2px solid var(--seal);outline-offset:-1px}
.field input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.field .fault{margin:.375rem 0 0;font-size:.875rem;color:var(--bad);font-weight:600}
.check{display:grid;grid-template-columns:auto 1fr;gap:0 .75rem;align-items:start;min-height:2.75rem;padding:.5rem 0;cursor:pointer}
.check input{width:1.25rem;height:1.25rem;margin:.15rem 0 0;accent-color:var(--seal)}
.actions{display:flex;flex-wrap:wrap;gap:.75rem}
.fields>.actions{margin-top:1.75rem}
.actions>*{flex:1 1 9rem}
.button{display:flex;align-items:center;justify-content:center;min-height:2.875rem;padding:.5rem 1.25rem;font:inherit;font-weight:600;line-height:1.3;text-align:center;text-decoration:none;
color:var(--ink);background:transparent;border:1px solid var(--edge);border-radius:8px;cursor:pointer;transition:background-color .12s,border-color .12s}
.button:hover{background:var(--wash);border-color:var(--ink-2)}
.button.primary{color:var(--on-seal);background:var(--seal);border-color:var(--seal)}
.button.primary:hover{background:var(--seal-deep);border-color:var(--seal-deep)}
.button.row{width:100%;justify-content:flex-start;text-align:start;gap:.75rem}
.plain{min-height:2.75rem;padding:0;font:inherit;font-size:.875rem;color:var(--ink-2);background:none;border:0;text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:.2em;cursor:pointer}
.plain:hover{color:var(--ink);text-decoration-color:var(--seal)}
a.plain{display:inline-flex;align-items:center}
.or{display:flex;align-items:center;gap:.75rem;color:var(--ink-2);font-size:.875rem}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;

const blocks = `
.summary,.note{padding:.875rem 1rem;border-radius:8px;border:1px solid var(--line);border-left:4px solid var(--edge);background:var(--wash)}
.summary{border-color:var(--bad);background:var(--bad-wash)}
.summary h2{margin:0;color:var(--bad)}
.summary ul{margin:.375rem 0 0;padding:0;list-style:none}
.note.warn{border-color:var(--warn);background:var(--warn-wash)}
.note h2{margin:0 0 .25rem}
.who{display:flex;align-items:center;gap:1rem}
.who>*{min-width:0}
.initial{flex:none;display:grid;place-items:center;width:3rem;height:3rem;border:1px solid var(--edge);border-radius:10px;background:var(--wash);font-size:1.25rem;font-weight:650;line-height:1}
.initial.round{border-radius:50%}
.who strong{display:block;font-weight:650;line-height:1.35}
.facts{margin:0;display:grid;grid-template-columns:minmax(5.5rem,auto) 1fr;gap:.75rem 1rem}
.facts dt{color:var(--ink-2);font-size:.875rem;line-height:1.75}
.facts dd{margin:0;min-width:0}
.facts dd p+p{margin-top:.125rem}
.facts .mono{font-size:.8125rem;line-height:1.9}
.links{display:flex;flex-wrap:wrap;gap:0 1.25rem}
.asks{margin:0;padding:0;list-style:none}
.asks li{display:grid;grid-template-columns:1.25rem 1fr;gap:0 .75rem;padding:.625rem 0;border-top:1px solid var(--line)}
.asks li:first-child{border-top:0;padding-top:0}
.asks li:last-child{padding-bottom:0}
.asks svg{width:1.25rem;height:1.25rem;margin-top:.15rem;fill:none;stroke:var(--ink-2);stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.asks .risk svg{stroke:var(--seal)}
.asks p+p{margin-top:.125rem}
.tag{display:inline-block;padding:.05rem .5rem;border:1px solid currentColor;border-radius:6px;font-size:.8125rem;font-weight:600;color:var(--warn)}
.tag.calm{color:var(--ink-2)}
.apps{margin:0;padding:0;list-style:none}
.apps li{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.875rem 0;border-top:1px solid var(--line)}
.apps li:first-child{border-top:0;padding-top:0}
.apps li:last-child{padding-bottom:0}
.apps li>div{flex:1 1 11rem;min-width:0}
.apps .button{min-height:2.75rem;padding:.375rem 1rem}
.reference{font-size:.875rem;color:var(--ink-2)}
.reference code{color:var(--ink)}
`;

const screens = `
@media (max-width:30rem){body{padding:0 0 1rem;justify-content:flex-start}
.sheet{max-width:none;border:0;border-bottom:1px solid var(--line);border-radius:0;box-shadow:none}
.part+.stub{background:transparent;border-radius:0}
.part{padding:1.25rem 1.25rem}.part:first-child{padding-top:1.25rem}.part:last-child{padding-bottom:1.5rem}
.stub::before,.stub::after{display:none}
h1{font-size:1.375rem}
footer{margin-top:0}}
@media (max-width:23rem){.facts{grid-template-columns:1fr;gap:0}.facts dd+dt{margin-top:.75rem}}
@media (forced-colors:active){.button.primary{border-width:3px}.mark{forced-color-adjust:none}}
@media print{footer,.actions{display:none}}
`;

/** Served as it is from the assets path. */
export const stylesheet: string = tokens + base + sheet + forms + blocks + screens;
