import { documentOf } from '../servers/chromium.ts'

/** What a browser has found in a page at some width. */
export interface Measured {
  readonly width: number
  readonly scrollWidth: number
  /** Of the background, from 0 to 1. */
  readonly brightness: number
  readonly texts: number
  /** Texts whose contrast is too low, with it. */
  readonly pale: readonly string[]
  readonly requests: readonly string[]
  /** The ids of the migrations that take up room. */
  readonly seen: readonly string[]
  readonly pictures: number
  /** Signs that text has become markup. */
  readonly trapped: readonly string[]
  readonly text: string
}

/**
 * Shows a page in frames of these widths, all of it opened, and measures. A copy of the page is used, without its policy
 * and with the script that measures.
 */
export async function measured(
  page: string,
  widths: readonly number[],
  scheme: 'light' | 'dark',
): Promise<ReadonlyMap<number, Measured>> {
  const withoutPolicy = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
  if (withoutPolicy === page) throw new Error('the page has no policy')
  const copy = withoutPolicy
    .replace('<head>', () => `<head><script class="test">${trap}</script>`)
    .replace(/<\/body>\s*<\/html>\s*$/, () => `<script class="test">${measure}</script></body></html>`)
  const frames = widths.map(
    (width) => `<iframe width="${width}" height="800" style="border:0" srcdoc="${attribute(copy)}"></iframe>`,
  )
  const outer = `<!doctype html><meta charset="utf-8"><body>${frames.join('')}<pre id="found"></pre><script>
addEventListener('message',function(event){found.textContent+='FOUND '+event.data+'\\n'})</script>`
  // frames answer in their own time: the document is given when all is quiet
  const text = await documentOf(outer, scheme, ['--virtual-time-budget=20000'])
  const own = /<pre id="found">([\s\S]*?)<\/pre>/.exec(text)?.[1] ?? ''
  const results = own
    .split('\n')
    .filter((line) => line.startsWith('FOUND '))
    .map((line) => JSON.parse(decodeURIComponent(line.slice(6))) as Measured)
  return new Map(results.map((result) => [result.width, result]))
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

const trap = `
var trapped=[];
['alert','confirm','prompt','open'].forEach(function(name){window[name]=function(text){trapped.push(name+' '+text)}});
addEventListener('error',function(event){trapped.push('error '+(event.message||event.target.tagName))},true);
`

const measure = `
addEventListener('load',function(){
document.querySelectorAll('details').forEach(function(details){details.open=true});
document.querySelectorAll('.item').forEach(function(item){item.style.contentVisibility='visible'});
var numbers=function(color){var m=/rgba?\\(([^)]*)\\)/.exec(color);return m?m[1].split(/[ ,/]+/).map(Number):[0,0,0,0]};
var light=function(color){var c=numbers(color).slice(0,3).map(function(v){v/=255;return v<=0.03928?v/12.92:Math.pow((v+0.055)/1.055,2.4)});return 0.2126*c[0]+0.7152*c[1]+0.0722*c[2]};
var solid=function(color){var c=numbers(color);return color!=='none'&&(c.length<4||c[3]>0.99)};
var behind=function(element){
if(element.namespaceURI.indexOf('svg')>=0){
var row=element.parentNode.querySelector(':scope > rect:not(.box)'),card=element.closest('.card');
var rect=row||(card&&card.querySelector('rect.box:not(.off)'));
if(rect)return getComputedStyle(rect).fill;
}
for(var e=element;e;e=e.parentElement){var color=getComputedStyle(e).backgroundColor;if(solid(color))return color}
return 'rgb(255,255,255)'};
var pale=[],texts=0,walker=document.createTreeWalker(document.body,NodeFilter.SHOW_TEXT);
for(var node=walker.nextNode();node;node=walker.nextNode()){
var element=node.parentElement;
if(!node.data.trim()||element.closest('script,style,title,option,.hide,.skip,[hidden]'))continue;
var style=getComputedStyle(element),box=element.getBoundingClientRect();
if(style.display==='none'||style.visibility!=='visible'||box.width===0)continue;
texts++;
var color=element.namespaceURI.indexOf('svg')>=0?style.fill:style.color,back=behind(element);
var a=light(color),b=light(back),contrast=(Math.max(a,b)+0.05)/(Math.min(a,b)+0.05);
if(contrast<4.5)pale.push(contrast.toFixed(2)+' '+color+' on '+back+': '+node.data.trim().slice(0,40));
}
document.querySelectorAll('*').forEach(function(e){
Array.prototype.forEach.call(e.attributes,function(a){
if(/^on/i.test(a.name))trapped.push(e.tagName+' has '+a.name);
if(/^(href|src|xlink:href|action|formaction)$/i.test(a.name)&&a.value.charAt(0)!=='#')trapped.push(a.name+' '+a.value);
});
});
document.querySelectorAll('img,iframe,object,embed,link,base,form,textarea,video,audio').forEach(function(e){trapped.push(e.tagName)});
if(document.querySelectorAll('script:not(.test)').length!==1)trapped.push('scripts');
if(document.querySelectorAll('style').length!==1||document.querySelectorAll('title').length<1)trapped.push('style or title');
var seen=Array.prototype.filter.call(document.querySelectorAll('.item'),function(item){return item.getBoundingClientRect().height>20}).map(function(item){return item.querySelector('.id').textContent});
var pictures=Array.prototype.filter.call(document.querySelectorAll('.picture svg'),function(svg){return svg.getBoundingClientRect().height>20}).length;
setTimeout(function(){
var back=getComputedStyle(document.body).backgroundColor;
var requests=performance.getEntriesByType('resource').map(function(entry){return entry.name});
parent.postMessage(encodeURIComponent(JSON.stringify({width:innerWidth,scrollWidth:document.documentElement.scrollWidth,brightness:light(back),texts:texts,pale:pale.slice(0,20),requests:requests,seen:seen,pictures:pictures,trapped:trapped,text:document.body.textContent})),'*');
},50);
});
`
