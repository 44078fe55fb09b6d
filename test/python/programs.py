import json, re, textwrap, itertools, functools, collections, contextlib, enum, dataclasses, copy, math, string
from dataclasses import dataclass, field
from enum import Enum
from typing import Optional, List, NamedTuple
print(1+2, 7//2, -7//2, -7%3, 2**10, 7/2, 1e16, 1.5, -0.0, 1e-5, 0.1+0.2, 10**20)
print('a%s-%05d-%.2f' % ('x', 42, 3.14159), '%(a)s' % {'a': 1}, '%r' % 'x', '100%%' % ())
print(f"{1:>5}|{'a':<3}|{3.14159:.2f}|{1234567:,}|{255:#x}|{'x'!r}|{1+1=}|{True}|{None}|{0.5:%}|{'é':^5}|{12:03d}")
print('abc'.upper(), 'a,b,c'.split(','), ' x '.strip(), 'abc'[1:], 'abc'[::-1], 'a-b'.partition('-'), 'x'.join(['1','2']), 'Hello World'.title(), 'abc'.find('c'), 'abc'.replace('b','zz'), '{0} {a} {0!r}'.format(1,a=2), '{} {:>3}'.format(1,2), 'a\tb\n'.splitlines(), 'x'.zfill(3), 'ab'.center(5,'*'))
print([1,2,3][-1], [x*x for x in range(5) if x%2], {k:v for k,v in zip('ab',[1,2])}, (1,), (1,2)+(3,), {1:2}|{3:4}, [1]*3, sorted([3,1,2],reverse=True), list(reversed([1,2])), sum([1,2,3]), max(1,5,3), min([4,2]), any([0,1]), all([1,0]), abs(-3), divmod(7,3), round(2.5), round(2.675,2))
def f(a, b=2, *args, c, d=4, **kw): return (a,b,args,c,d,kw)
print(f(1,c=3), f(1,2,3,4,c=5,z=6), f(*[1,2],**{'c':1}))
def gen():
    x = 0
    while True:
        x += 1
        if x > 3: return
        yield x
print(list(gen()), [y for y in gen()], next(iter([1])), next(iter([]), 'd'))
class A:
    n = 1
    def __init__(self, x): self.x = x
    def m(self): return self.x + self.n
    @property
    def p(self): return self.x*2
    @classmethod
    def k(cls): return cls.__name__
    @staticmethod
    def s(a): return a
    def __repr__(self): return f'A({self.x})'
    def __eq__(self, o): return self.x == o.x
    def __len__(self): return 3
    def __getitem__(self, i): return i
class B(A):
    def __init__(self, x): super().__init__(x); self.y = 1
    def m(self): return super().m() + 100
print(A(1), B(2).m(), B(3).p, B.k(), A.s(9), A(1)==A(1), A(1)!=A(2), len(A(1)), A(1)[5], isinstance(B(1),A), issubclass(B,A), [A(1)], B.__mro__[1].__name__)
class Color(Enum):
    RED = 'r'
    GREEN = 'g'
    @property
    def low(self): return self.name.lower()
print(Color.RED, Color.RED.value, Color('g').name, [c.value for c in Color], Color['RED'] is Color.RED, repr(Color.RED), Color.GREEN.low, len(Color), Color.RED == Color.RED, Color.RED in (Color.RED,))
class S(str, Enum):
    A = 'a'
print(S.A == 'a', S.A.value, 'x' + S.A, S.A.upper(), [e.value for e in S])
@dataclass
class P:
    x: int
    y: int = 5
    z: list = field(default_factory=list)
print(P(1), P(1)==P(1), P(1,2).y, dataclasses.asdict(P(1)))
class NT(NamedTuple):
    a: int
    b: int = 2
print(NT(1), NT(1).b, NT(1)[0], list(NT(3)))
try:
    {}['x']
except KeyError as e:
    print('KeyError', e, repr(e))
try:
    raise ValueError('bad')
except (TypeError, ValueError) as e:
    print(type(e).__name__, str(e), e.args)
else: print('no')
finally: print('fin')
def t():
    try: return 1
    finally: print('f')
print(t())
for i in range(5):
    if i == 3: break
    if i == 1: continue
    print(i)
else: print('else')
for i in []: pass
else: print('else2')
@contextlib.contextmanager
def cm(x):
    print('in'); 
    try: yield x
    except ValueError as e: print('caught', e)
    finally: print('out')
with cm(3) as v: print(v)
with cm(3) as v: raise ValueError('q')
def ret():
    with cm(1) as v: return v+1
print(ret())
print(json.dumps({'a':[1,2.0,None,True],'b':'é'}), json.loads('{"a": [1, 2.5, "x"]}'), json.dumps([1,2],indent=2), json.dumps({}, indent=2))
print(re.sub(r'(\w+)-(\w+)', r'\2-\1', 'ab-cd'), re.match(r'(?P<x>\d+)', '12a').group('x'), re.findall(r'\d', 'a1b2'), re.split(r',\s*', 'a, b,c'), re.search('z','a'))
print(textwrap.dedent("  a\n   b\n"), repr(textwrap.dedent("""
    x
      y
    """)))
print(list(itertools.chain([1],[2,3])), list(itertools.product([1,2],'ab')), functools.reduce(lambda a,b:a+b,[1,2,3]), functools.partial(f,1)(c=2))
d = collections.defaultdict(list); d['a'].append(1); print(dict(d))
print(collections.namedtuple('X','a b')(1,b=2))
x = [1,2,3]; x[1:2] = [9,9]; del x[0]; print(x, x.index(9), x.count(9)); x.sort(key=lambda v:-v); print(x)
a, *b, c = [1,2,3,4]; print(a,b,c); (m,n),o = (1,2),3; print(m,n,o)
print(1 < 2 < 3, 1 if 0 else 2, not 1, 1 and 2, 0 or 3, None is None, 'a' in 'abc', 3 not in [1,2])
def outer():
    n = 0
    def inner():
        nonlocal n
        n += 1
        return n
    inner(); inner()
    return n
print(outer(), (lambda *a, **k: (a,k))(1,z=2), [i for i in range(3) for j in range(2)], {1,1}, set([1]) | {1})
match {'a': 1, 'b': [1,2,3]}:
    case {'a': 1, 'b': [x, *rest]} if x: print('m', x, rest)
    case _: print('no')
match 5:
    case 1 | 2: print('12')
    case int(): print('int')
print((y := 10) + y, str(b'abc'), b'abc'.decode(), 'é'.encode(), bytes('a','utf-8') if False else '', int('12'), int('ff',16), float('1.5'), bool([]), list('ab'), tuple([1]), dict(a=1), dict([('x',1)]), str(None), hex(255), chr(97), ord('a'))
async def co(): return 5
import asyncio
print(asyncio.run(co()))
while True:
    break
print(copy.deepcopy([[1]]), math.ceil(1.2), string.digits, isinstance(True,int), isinstance(1,(str,int)), callable(f), hasattr(A,'m'), getattr(A,'zz',7), type(1).__name__, type('a') is str)
print("it's", 'a"b', 'a\'b"c', '\n', [ '\n', "it's" ], {'k': (1,'a')}, 3.0, 1e100, float('inf'), -5 // 2, 5 % -3, 2 ** -1, 1_000)
global_x = 1
def g():
    global global_x
    global_x += 1
g(); print(global_x)
print(*[1,2])
assert 1 == 1, 'x'
def deco(fn):
    @functools.wraps(fn)
    def w(*a): return fn(*a) + 1
    return w
@deco
def h(x): return x
print(h(1), h.__name__, sorted({'b':1,'a':2}.items()), max({'a':1}.items()), dict(sorted({'b':1,'a':2}.items(), key=lambda kv: kv[1])))

# the edges of time
from datetime import date as edge_date, datetime as edge_datetime
print("%s|%r" % (edge_datetime.min, "x"), "%s" % edge_datetime.min, "until %s." % edge_date.max)
print(edge_datetime.max.isoformat(), edge_date.min.isoformat(), edge_datetime.max.year)
