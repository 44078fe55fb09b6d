import t from 'tap'
import { play } from './mock-host.ts'

interface Case {
  readonly name: string
  readonly source: string
  readonly log: readonly string[]
  readonly value: string
}

const cases: readonly Case[] = [
  {
    name: 'a settled branch, both arms under the fact',
    source: `
def main():
    if db.ask('A'): db.run('1')
    else: db.run('2')
    db.run('3')
`,
    log: ['[A] 1', '[not A] 2', '3'],
    value: 'None',
  },
  {
    name: 'what a host answers with None is None, and is not taken for no answer',
    source: `
def main():
    return db.run('x') is None
`,
    log: ['x'],
    value: 'True',
  },
  {
    name: 'an early return leaves its negation to the rest',
    source: `
def main():
    if db.ask('A'): return 1
    db.run('x')
    if db.ask('B'):
        if db.ask('C'): return 2
        db.run('y')
    db.run('z')
    return 3
`,
    log: ['[not A] x', '[(not A and B and not C)] y', '[(not A and (not B or not C))] z'],
    value: 'A ? 1 : (B and C) ? 2 : 3',
  },
  {
    name: 'a loop over rows that returns is a fact',
    source: `
def has(t, c):
    for col in db.columns(t):
        if col['name'] == c:
            return True
    return False
def main():
    if not has('t', 'x'):
        db.run('add x')
    if has('t','y'):
        return
    db.run('add y')
`,
    log: ["[not t{name=='x'}] add x", "[not t{name=='y'}] add y"],
    value: 'None',
  },
  {
    name: 'membership, any, next, len and dict over rows are facts',
    source: `
def main():
    cols = [c['name'] for c in db.columns('t')]
    names = {row[1] for row in db.columns('u')}
    if 'x' not in cols: db.run('a')
    if 'y' in names and 'z' not in names: db.run('b')
    if any(c['name'] == 'q' for c in db.columns('t')): db.run('c')
    if next((c for c in db.columns('t') if c['name'] == 'w'), None) is None: db.run('d')
    if len([c for c in db.columns('t') if c['name'] == 'v']) > 0: db.run('e')
    if not all(c.name != 'k' for c in db.columns('t')): db.run('f')
    d = {c['name']: c for c in db.columns('t')}
    if 'dd' in d: db.run('g')
    if d.get('ee') is not None: db.run('h')
    if {'m','n'} <= set(cols): db.run('i')
    if 'l' in map(lambda c: c['name'].lower(), db.columns('t')): db.run('j')
    if "x" in cols: db.run('known')
`,
    log: [
      "[not t{name=='x'}] a",
      "[(u{1=='y'} and not u{1=='z'})] b",
      "[t{name=='q'}] c",
      "[not t{name=='w'}] d",
      "[t{name=='v'}] e",
      "[t{not .name!='k'}] f",
      "[t{name=='dd'}] g",
      "[t{name=='ee'}] h",
      "[(t{name=='m'} and t{name=='n'})] i",
      "[t{name..lower.()=='l'}] j",
      "[t{name=='x'}] known",
    ],
    value: 'None',
  },
  {
    name: 'flags, sets and lists filled in a loop over rows are facts',
    source: `
def main():
    found = False
    for row in db.columns('t'):
        if row[1] == 'a':
            found = True
            break
    if not found: db.run('1')
    seen = set()
    for row in db.columns('t'):
        seen.add(row[1])
    if 'b' not in seen: db.run('2')
    f2 = False
    for cid, name, *_ in db.columns('t'):
        if name == 'c': f2 = True
    if f2: db.run('3')
    names = []
    for r in db.columns('t'): names.append(r['n'])
    for want in ['x','y']:
        if want in names: continue
        db.run('add ' + want)
`,
    log: ["[not t{1=='a'}] 1", "[not t{1=='b'}] 2", "[t{1=='c'}] 3", "[not t{n=='x'}] add x", "[not t{n=='y'}] add y"],
    value: 'None',
  },
  {
    name: 'what is appended under a fact is there under it',
    source: `
def main():
    todo = []
    if not db.ask('A'): todo.append('add a')
    if not db.ask('B'): todo.append('add b')
    if not todo:
        return 'nothing'
    for sql in todo:
        db.run(sql)
    db.run('last')
    return len(todo)
`,
    log: ['[not A] add a', '[not B] add b', '[(not A or not B)] last'],
    value: "(A and B) ? 'nothing' : not A ? not B ? 2 : 1 : 1",
  },
  {
    name: 'a value that depends on a fact is used under each branch',
    source: `
def main():
    x = 'one' if db.ask('A') else 'two'
    db.run(f'say {x}')
    y = 5
    if db.ask('B'): y = 6
    db.run('y', y)
    if db.ask('B'): db.run('again', y)
    return x
`,
    log: ['[A] say one', '[not A] say two', '[B] y 6', '[not B] y 5', '[B] again 6'],
    value: "A ? 'one' : 'two'",
  },
  {
    name: 'what nothing settles is told once, and does not stop the rest',
    source: `
from app import thing, helper
def main():
    if thing(db): db.run('1')
    for r in db.unknown('rows'): db.run('u')
    if db.unknown('cond'):
        a = 1
    else:
        a = 2
        db.run('in else')
    db.run('sure')
    if db.unknown('stop?'): return
    db.run('after')
    return a
`,
    log: [
      'todo call from app import thing',
      "todo from app import thing: if thing(db): db.run('1')",
      "todo rows: for r in db.unknown('rows'): db.run('u')",
      "todo cond: if db.unknown('cond'):",
      'sure',
      "todo stop?: if db.unknown('stop?'): return",
    ],
    value: 'unknown stop?',
  },
  {
    name: 'handlers are looked at for effects, and told',
    source: `
def main():
    try:
        db.run('create index')
    except Exception as e:
        print(e)
    try:
        db.run('x')
        ok = True
    except Exception:
        ok = False
        db.run('fallback')
    db.run('then')
    try:
        db.run('y')
    except Exception:
        raise
    if ok: db.run('ok')
    try:
        db.may_fail('t')
        db.run('exists t')
    except Exception:
        db.run('create t')
    db.run('end')
`,
    log: [
      'try Exception:falls-through',
      'create index',
      '/try',
      'try Exception:falls-through',
      'x',
      '/try effects:1',
      'then',
      'try Exception:raises',
      'y',
      '/try',
      "todo whether a statement of the try block fails: if ok: db.run('ok')",
      'try Exception:falls-through',
      '[not missing t] exists t',
      '[missing t] create t',
      '/try raised',
      'end',
    ],
    value: 'None',
  },
  {
    name: 'an exception under a fact leaves the rest its negation',
    source: `
def main():
    with db.begin() as c:
        c.run('a')
        if db.ask('A'): raise RuntimeError('no')
        c.run('b')
    db.run('c')
`,
    log: ['begin', 'a', '[not A] b', 'end', '[not A] c', 'stop [A] RuntimeError'],
    value: 'None',
  },
  {
    name: 'sets of rows subtract item by item',
    source: `
def main():
    wanted = {'a','b'}
    have = {c['name'] for c in db.columns('t')}
    for c in sorted(wanted - have): db.run('add', c)
    missing = [c for c in ['p','q'] if c not in have]
    if missing: db.run('some missing')
    for m in missing: db.run(m)
`,
    log: [
      "[not t{name=='a'}] add a",
      "[not t{name=='b'}] add b",
      "[(not t{name=='p'} or not t{name=='q'})] some missing",
      "[not t{name=='p'}] p",
      "[not t{name=='q'}] q",
    ],
    value: 'None',
  },
  {
    name: 'continue and break under facts',
    source: `
def main():
    for t in ['a','b','c']:
        if not db.ask(t): continue
        if db.ask(t+'2'): break
        db.run(t)
    else:
        db.run('else')
    db.run('end')
`,
    log: [
      '[(a and not a2)] a',
      '[((not a or not a2) and b and not b2)] b',
      '[((not a or not a2) and (not b or not b2) and c and not c2)] c',
      '[((not a or not a2) and (not b or not b2) and (not c or not c2))] else',
      'end',
    ],
    value: 'None',
  },
  {
    name: 'a helper that returns under facts',
    source: `
def main():
    def inner():
        if db.ask('A'):
            return 'x'
        if db.ask('B'):
            return 'y'
        return None
    r = inner()
    if r is None: db.run('none')
    elif r == 'x': db.run('isx')
    else: db.run('isy')
    return r
`,
    log: ['[(not A and not B)] none', '[A] isx', '[(B and not A)] isy'],
    value: "A ? 'x' : B ? 'y' : None",
  },
  {
    name: 'a loop that ends under a fact',
    source: `
def main():
    while True:
        if db.ask('A'): break
        db.run('loop')
    db.run('end')
`,
    log: ['[not A] loop', 'todo a loop whose end depends on the database: while True:', 'end'],
    value: 'None',
  },
  {
    name: 'recursion under an unknown condition ends',
    source: `
def retry(n):
    if db.unknown('q'): retry(n-1)
    db.run('r')
def main():
    retry(3)
    (lambda: db.run('lam'))()
`,
    log: ["todo q: if db.unknown('q'): retry(n-1)", 'r', 'lam'],
    value: 'None',
  },
  {
    name: 'unknown decorators and wrappers are visited for effects',
    source: `
from tools import wrap
@wrap
def helper():
    db.run('w')
def main():
    helper()
    wrap(lambda: db.run('v'))
    db.run('end')
`,
    log: [
      'todo helper is wrapped by a decorator that is not known: from tools import wrap: helper()',
      "todo from tools import wrap: wrap(lambda: db.run('v'))",
      'end',
    ],
    value: 'None',
  },
  {
    name: 'assertions, and/or, counters and finally',
    source: `
def main():
    assert db.ask('A'), 'must'
    db.run('x')
    exists = db.ask('B') or db.ask('C')
    if exists and not db.ask('D'): db.run('y')
    n = 0
    if db.ask('B'): n += 1
    if n == 0: db.run('zero')
    try:
        if db.ask('E'): return 'early'
        db.run('in try')
    finally:
        db.run('cleanup')
`,
    log: [
      '[A] x',
      '[(A and (B or C) and not D)] y',
      '[(A and not B)] zero',
      '[(A and not E)] in try',
      '[(A and E)] cleanup',
      '[(A and not E)] cleanup',
      'stop [not A] AssertionError',
    ],
    value: "E ? 'early' : None",
  },
  {
    name: 'an unknown check that only stops the script is taken to pass',
    source: `
import os, sys
def main():
    if not os.getenv('URL'):
        print('no url')
        sys.exit(1)
    db.run('a')
    try:
        if db.unknown('flag'): raise ValueError('x')
        db.run('b')
    except ValueError:
        db.run('c')
`,
    log: [
      'a',
      'try ValueError:falls-through',
      "todo flag: if db.unknown('flag'): raise ValueError('x')",
      '/try raised',
    ],
    value: 'None',
  },
  {
    name: 'a return inside a context manager lets it finish first, under its own predicate',
    source: `
import contextlib
@contextlib.contextmanager
def cm():
    db.run('in')
    try: yield
    finally: db.run('out')
def main():
    with cm():
        if db.ask('A'): return 1
        db.run('x')
    db.run('y')
`,
    log: ['in', '[not A] x', 'out', '[not A] y'],
    value: 'A ? 1 : None',
  },
  {
    name: 'what follows a handler that may return is neither lost nor uncertain',
    source: `
def main():
    try:
        db.run('a')
    except Exception:
        if db.ask('A'): return
        db.run('b')
    db.run('c')
`,
    log: ['try Exception:falls-through', 'a', '/try effects:1', 'c'],
    value: 'None',
  },
]

for (const { name, source, log, value } of cases) {
  t.test(name, (t) => {
    const played = play(source.trimStart())
    t.same(played.log, log)
    t.equal(played.value, value)
    t.end()
  })
}
