import ast, json, struct, sys, re
F={'Name':['id'],'BoolOp':['op','values'],'NamedExpr':['target','value'],'BinOp':['left','op','right'],'UnaryOp':['op','operand'],'Lambda':['args','body'],'IfExp':['test','body','orelse'],'Dict':['keys','values'],'Set':['elts'],'ListComp':['elt','generators'],'SetComp':['elt','generators'],'GeneratorExp':['elt','generators'],'DictComp':['key','value','generators'],'Await':['value'],'Yield':['value'],'YieldFrom':['value'],'Compare':['left','ops','comparators'],'Call':['func','args','keywords'],'JoinedStr':['values'],'Attribute':['value','attr'],'Subscript':['value','slice'],'Starred':['value'],'List':['elts'],'Tuple':['elts'],'Slice':['lower','upper','step'],
'FunctionDef':['name','args','body','decorator_list','returns'],'AsyncFunctionDef':['name','args','body','decorator_list','returns'],'ClassDef':['name','bases','keywords','body','decorator_list'],'Return':['value'],'Delete':['targets'],'Assign':['targets','value'],'AugAssign':['target','op','value'],'AnnAssign':['target','annotation','value','simple'],'For':['target','iter','body','orelse'],'AsyncFor':['target','iter','body','orelse'],'While':['test','body','orelse'],'If':['test','body','orelse'],'With':['items','body'],'AsyncWith':['items','body'],'Match':['subject','cases'],'Raise':['exc','cause'],'Try':['body','handlers','orelse','finalbody'],'TryStar':['body','handlers','orelse','finalbody'],'ExceptHandler':['type','name','body'],'Assert':['test','msg'],'Import':['names'],'ImportFrom':['module','names','level'],'Global':['names'],'Nonlocal':['names'],'Expr':['value'],'Pass':[],'Break':[],'Continue':[],'MatchValue':['value'],'MatchSequence':['patterns'],'MatchMapping':['keys','patterns','rest'],'MatchClass':['cls','patterns','kwd_attrs','kwd_patterns'],'MatchStar':['name'],'MatchAs':['pattern','name'],'MatchOr':['patterns'],
'arguments':['posonlyargs','args','vararg','kwonlyargs','kw_defaults','kwarg','defaults'],'arg':['arg','annotation'],'alias':['name','asname'],'keyword':['arg','value'],'comprehension':['target','iter','ifs','is_async'],'withitem':['context_expr','optional_vars'],'match_case':['pattern','guard','body']}
OPS=dict(Add='+',Sub='-',Mult='*',Div='/',FloorDiv='//',Mod='%',MatMult='@',Pow='**',LShift='<<',RShift='>>',BitOr='|',BitXor='^',BitAnd='&',USub='-',UAdd='+',Invert='~',Not='not',And='and',Or='or',Eq='==',NotEq='!=',Lt='<',LtE='<=',Gt='>',GtE='>=',Is='is',IsNot='is not',In='in',NotIn='not in')
NP={'arguments','comprehension','withitem','match_case'}
class D:
    def __init__(s,text):
        s.starts=[0]
        for m in re.finditer('\n',text): s.starts.append(m.end())
        s.lines=text.split('\n'); s.blines=[l.encode('utf-8','surrogatepass') for l in s.lines]; s.text=text
        # utf16 offsets
        s.u16=None
        if any(ord(c)>0xffff for c in text):
            s.u16=[0]
            for c in text: s.u16.append(s.u16[-1]+(2 if ord(c)>0xffff else 1))
    def off(s,l,c):
        b=s.blines[l-1]
        ch=len(b[:c].decode('utf-8','surrogatepass')) if len(b)!=len(s.lines[l-1]) else c
        o=s.starts[l-1]+ch
        return ch, (s.u16[o] if s.u16 else o)
    def place(s,n):
        ch,a=s.off(n.lineno,n.col_offset); _,b=s.off(n.end_lineno,n.end_col_offset)
        return [n.lineno,ch+1,a,b]
    def d(s,v):
        if v is None: return None
        if isinstance(v,list): return [s.d(x) for x in v]
        if isinstance(v,bool): return 1 if v else 0
        if isinstance(v,(str,int)): return v
        t=type(v).__name__
        if t in OPS: return OPS[t]
        if t=='Constant': return ['Constant',s.const(v.value),s.place(v)]
        if t=='MatchSingleton': return [t,str(v.value),s.place(v)]
        if t=='FormattedValue':
            return [t,s.d(v.value),'' if v.conversion==-1 else chr(v.conversion),s.d(v.format_spec),s.place(v)]
        r=[t]+[s.d(getattr(v,f)) for f in F[t]]
        if t=='ImportFrom' : pass
        if t not in NP: r.append(s.place(v))
        return r
    def const(s,v):
        if v is None or v is True or v is False: return str(v)
        if v is ...: return 'Ellipsis'
        bits=lambda f: format(struct.unpack('>Q',struct.pack('>d',f))[0],'x')
        if isinstance(v,int): return 'int '+str(v)
        if isinstance(v,float): return 'float '+bits(v)
        if isinstance(v,complex): return 'complex '+bits(v.imag)
        if isinstance(v,str): return 'str '+v
        return 'bytes '+v.decode('latin-1')
def norm(a):
    return a
sys.set_int_max_str_digits(0); sys.setrecursionlimit(20000)
import warnings; warnings.simplefilter('ignore')
import tokenize,io
for path in sys.stdin.read().split('\n'):
    if not path: continue
    out={'path':path}
    try:
        raw=open(path,'rb').read()
        enc,_=tokenize.detect_encoding(io.BytesIO(raw).readline)
        text=raw.decode(enc)
        text=text.replace('\r\n','\n').replace('\r','\n')
        if text.startswith('\ufeff'): text=text[1:]
    except Exception as e:
        continue
    out['text']=text
    try: out['ast']=D(text).d(ast.parse(text).body)
    except (SyntaxError,ValueError,RecursionError,MemoryError) as e: out['error']=str(e)
    print(json.dumps(out))
