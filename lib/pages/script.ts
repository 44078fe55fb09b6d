/**
 * All that the page does by script: to filter the timeline, to step through the pictures of the schema, and to open what a
 * link leads to. Without it everything is there to be read, and the schema is seen as it is at the end. Nothing is put into
 * it: what it needs it reads from the page.
 */
export const script = `
(function(){
var all=function(selector,root){return Array.prototype.slice.call((root||document).querySelectorAll(selector))}
var one=function(id){return document.getElementById(id)}
all('[data-script]').forEach(function(element){element.hidden=false})
var items=all('.item')
var search=one('search'),state=one('state'),found=one('found')
if(search){
var texts=items.map(function(item){return item.querySelector('summary').textContent.toLowerCase()})
var filter=function(){
var words=search.value.toLowerCase().split(/\\s+/).filter(Boolean),count=0
items.forEach(function(item,at){
var fits=(state.value===''||item.dataset.state===state.value)&&words.every(function(word){return texts[at].indexOf(word)>=0})
item.hidden=!fits
if(fits)count++
})
all('.day').forEach(function(day){
var next=day.nextElementSibling
while(next&&!next.classList.contains('day')&&next.hidden)next=next.nextElementSibling
day.hidden=!next||next.classList.contains('day')
})
found.textContent=count===items.length?'':count+' of '+items.length
}
search.addEventListener('input',filter)
state.addEventListener('change',filter)
one('open').addEventListener('click',function(){
var seen=items.filter(function(item){return !item.hidden}).map(function(item){return item.querySelector('details')})
var opens=seen.some(function(details){return !details.open})
seen.forEach(function(details){details.open=opens})
})
}
var reveal=function(){
var target=location.hash.length>1&&one(decodeURIComponent(location.hash.slice(1)))
if(!target)return
target.hidden=false
var details=target.querySelector('details')
if(details&&target.classList.contains('item'))details.open=true
}
addEventListener('hashchange',reveal)
reveal()
var range=one('step'),choice=one('step-name'),picture=one('schema-picture')
if(range&&picture){
var timed=all('[data-f],[data-t]',picture),cards=all('[data-c]',picture).map(function(card){return [card,card.dataset.c.split(' ')]})
var first=Number(range.min),last=Number(range.max)
var show=function(now){
timed.forEach(function(element){
var from=Number(element.dataset.f||0),to=element.dataset.t===undefined?Infinity:Number(element.dataset.t)
element.classList.toggle('off',now<from||now>=to)
element.classList.toggle('new',from===now&&element.dataset.n!==undefined)
})
cards.forEach(function(card){card[0].classList.toggle('touched',card[1].indexOf(String(now))>=0)})
var high=picture.dataset[now===last?'low':'high']
picture.setAttribute('height',high)
picture.setAttribute('viewBox','-2 -2 '+picture.getAttribute('width')+' '+high)
range.value=choice.value=String(now)
range.setAttribute('aria-valuetext',choice.options[choice.selectedIndex].text)
one('step-back').disabled=now<=first
one('step-on').disabled=now>=last
}
range.addEventListener('input',function(){show(Number(range.value))})
choice.addEventListener('change',function(){show(Number(choice.value))})
one('step-back').addEventListener('click',function(){show(Number(range.value)-1)})
one('step-on').addEventListener('click',function(){show(Number(range.value)+1)})
all('[data-step]').forEach(function(link){link.addEventListener('click',function(){show(Number(link.dataset.step))})})
show(last)
}
})()
`
