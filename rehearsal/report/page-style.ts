/** The look of the report: no script, no font, no picture from elsewhere; follows the reader's light or dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--page:#fff;--panel:#f5f6f8;--ink:#1c2128;--soft:#5b6572;--grid:#d8dce2;--good:#17703a;--bad:#b3261e;--open:#8a5a00;--champion:#5b6572;--challenger:#1f5fbf;--bake:#1f5fbf14}
@media(prefers-color-scheme:dark){:root{--page:#14171b;--panel:#1e2329;--ink:#e6e9ee;--soft:#9aa5b1;--grid:#343b44;--good:#5fce8b;--bad:#ff8a80;--open:#f0b95a;--champion:#9aa5b1;--challenger:#7db0ff;--bake:#7db0ff1f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:20px 16px 60px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
.nature{margin:0 0 18px;color:var(--soft);font-size:13px}
h1{margin:0;font-size:30px;line-height:1.2}
.good .ending{color:var(--good)}.bad .ending{color:var(--bad)}.open .ending{color:var(--open)}
.what{margin:2px 0 14px;color:var(--soft)}
.harm{font-weight:600}
p{margin:6px 0;max-width:80ch}
dl.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:10px;margin:18px 0}
dl.figures div{background:var(--panel);border-radius:6px;padding:10px 12px}
dl.figures dt{color:var(--soft);font-size:12px}
dl.figures dd{margin:0;font-size:17px;font-weight:600;white-space:nowrap;font-variant-numeric:tabular-nums}
h2{margin:30px 0 6px;font-size:18px}
figure{margin:0 0 6px}
figcaption{color:var(--soft);font-size:13px}
figure svg{width:100%;height:auto;display:block}
figure .narrow{display:none}
.legend{color:var(--soft);font-size:13px}.legend span{white-space:nowrap;margin-right:12px}
.legend i{display:inline-block;width:22px;border-top:2px solid var(--challenger);vertical-align:middle;margin-right:4px}
.legend i.champion{border-top:2px dashed var(--champion)}
.legend i.bake{height:12px;border:0;background:var(--bake)}
.table{overflow-x:auto}:focus-visible{outline:2px solid var(--challenger);outline-offset:2px}table.matrix{min-width:560px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;color:var(--soft);font-weight:400;font-size:12px}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
td.time,td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
tr.fail td:first-child,td.fail,p.fail{color:var(--bad)}
td.source{color:var(--soft)}td.detail{overflow-wrap:anywhere}
code{font-size:13px;overflow-wrap:anywhere}
details summary{cursor:pointer;padding:4px 0;color:var(--soft)}
@media(max-width:600px){h1{font-size:24px}figure .wide{display:none}figure .narrow{display:block}th,td{padding-right:8px}table.timeline td.source{display:none}table.timeline th.source{display:none}}
@media print{body{max-width:none}}
`;
