import type { Bytes } from './bytes.ts'

/** Where a node stands: offsets into the source (UTF-16), and line and column of its start (from 1, in code points). */
export interface Span {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
}

export interface Ellipsis {
  readonly kind: 'ellipsis'
}
export interface Complex {
  readonly kind: 'complex'
  readonly imaginary: number
}
export type Literal = null | boolean | bigint | number | string | Bytes | Ellipsis | Complex

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '@' | '**' | '<<' | '>>' | '|' | '^' | '&'
export type UnaryOperator = '-' | '+' | '~' | 'not'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in'

/** What a function, lambda, class or module binds by itself; read off while parsing. */
export interface Scope {
  readonly locals: ReadonlySet<string>
  readonly globals: ReadonlySet<string>
  readonly nonlocals: ReadonlySet<string>
  readonly generator: boolean
}

// Expressions
export interface Constant extends Span {
  readonly kind: 'Constant'
  readonly value: Literal
  /** The source had the prefix u. */
  readonly unicode?: boolean
}
export interface Name extends Span {
  readonly kind: 'Name'
  readonly id: string
}
export interface BoolOp extends Span {
  readonly kind: 'BoolOp'
  readonly op: 'and' | 'or'
  readonly values: readonly Expr[]
}
export interface NamedExpr extends Span {
  readonly kind: 'NamedExpr'
  readonly target: Name
  readonly value: Expr
}
export interface BinOp extends Span {
  readonly kind: 'BinOp'
  readonly left: Expr
  readonly op: BinaryOperator
  readonly right: Expr
}
export interface UnaryOp extends Span {
  readonly kind: 'UnaryOp'
  readonly op: UnaryOperator
  readonly operand: Expr
}
export interface Lambda extends Span {
  readonly kind: 'Lambda'
  readonly args: Arguments
  readonly body: Expr
  readonly scope: Scope
}
export interface IfExp extends Span {
  readonly kind: 'IfExp'
  readonly test: Expr
  readonly body: Expr
  readonly orelse: Expr
}
export interface Dict extends Span {
  readonly kind: 'Dict'
  /** undefined stands for `**value`. */
  readonly keys: readonly (Expr | undefined)[]
  readonly values: readonly Expr[]
}
export interface SetDisplay extends Span {
  readonly kind: 'Set'
  readonly elts: readonly Expr[]
}
export interface Comprehension {
  readonly target: Expr
  readonly iter: Expr
  readonly ifs: readonly Expr[]
  readonly isAsync: boolean
}
export interface ListComp extends Span {
  readonly kind: 'ListComp' | 'SetComp' | 'GeneratorExp'
  readonly elt: Expr
  readonly generators: readonly Comprehension[]
}
export interface DictComp extends Span {
  readonly kind: 'DictComp'
  readonly key: Expr
  readonly value: Expr
  readonly generators: readonly Comprehension[]
}
export interface Await extends Span {
  readonly kind: 'Await'
  readonly value: Expr
}
export interface Yield extends Span {
  readonly kind: 'Yield'
  readonly value: Expr | undefined
}
export interface YieldFrom extends Span {
  readonly kind: 'YieldFrom'
  readonly value: Expr
}
export interface Compare extends Span {
  readonly kind: 'Compare'
  readonly left: Expr
  readonly ops: readonly CompareOperator[]
  readonly comparators: readonly Expr[]
}
export interface Keyword extends Span {
  /** undefined stands for `**value`. */
  readonly arg: string | undefined
  readonly value: Expr
}
export interface Call extends Span {
  readonly kind: 'Call'
  readonly func: Expr
  readonly args: readonly Expr[]
  readonly keywords: readonly Keyword[]
}
export interface FormattedValue extends Span {
  readonly kind: 'FormattedValue'
  readonly value: Expr
  readonly conversion: '' | 's' | 'r' | 'a'
  readonly spec: JoinedStr | undefined
}
export interface JoinedStr extends Span {
  readonly kind: 'JoinedStr'
  readonly values: readonly (Constant | FormattedValue)[]
}
export interface Attribute extends Span {
  readonly kind: 'Attribute'
  readonly value: Expr
  readonly attr: string
}
export interface Subscript extends Span {
  readonly kind: 'Subscript'
  readonly value: Expr
  readonly slice: Expr
}
export interface Starred extends Span {
  readonly kind: 'Starred'
  readonly value: Expr
}
export interface Sequence extends Span {
  readonly kind: 'List' | 'Tuple'
  readonly elts: readonly Expr[]
}
export interface Slice extends Span {
  readonly kind: 'Slice'
  readonly lower: Expr | undefined
  readonly upper: Expr | undefined
  readonly step: Expr | undefined
}
export type Expr =
  | Constant
  | Name
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetDisplay
  | ListComp
  | DictComp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | FormattedValue
  | JoinedStr
  | Attribute
  | Subscript
  | Starred
  | Sequence
  | Slice

// Definitions
export interface Arg extends Span {
  readonly arg: string
  readonly annotation: Expr | undefined
}
export interface Arguments {
  readonly posonly: readonly Arg[]
  readonly args: readonly Arg[]
  readonly vararg: Arg | undefined
  readonly kwonly: readonly Arg[]
  /** Beside `kwonly`: undefined where there is no default. */
  readonly kwDefaults: readonly (Expr | undefined)[]
  readonly kwarg: Arg | undefined
  /** Of the last positional ones. */
  readonly defaults: readonly Expr[]
}
export interface TypeParam extends Span {
  readonly kind: 'TypeVar' | 'ParamSpec' | 'TypeVarTuple'
  readonly name: string
  readonly bound: Expr | undefined
  readonly default: Expr | undefined
}

// Statements
export interface FunctionDef extends Span {
  readonly kind: 'FunctionDef'
  readonly isAsync: boolean
  readonly name: string
  readonly args: Arguments
  readonly body: readonly Stmt[]
  readonly decorators: readonly Expr[]
  readonly returns: Expr | undefined
  readonly typeParams: readonly TypeParam[]
  readonly scope: Scope
}
export interface ClassDef extends Span {
  readonly kind: 'ClassDef'
  readonly name: string
  readonly bases: readonly Expr[]
  readonly keywords: readonly Keyword[]
  readonly body: readonly Stmt[]
  readonly decorators: readonly Expr[]
  readonly typeParams: readonly TypeParam[]
  readonly scope: Scope
}
export interface Return extends Span {
  readonly kind: 'Return'
  readonly value: Expr | undefined
}
export interface Delete extends Span {
  readonly kind: 'Delete'
  readonly targets: readonly Expr[]
}
export interface Assign extends Span {
  readonly kind: 'Assign'
  readonly targets: readonly Expr[]
  readonly value: Expr
}
export interface TypeAlias extends Span {
  readonly kind: 'TypeAlias'
  readonly name: Name
  readonly typeParams: readonly TypeParam[]
  readonly value: Expr
}
export interface AugAssign extends Span {
  readonly kind: 'AugAssign'
  readonly target: Expr
  readonly op: BinaryOperator
  readonly value: Expr
}
export interface AnnAssign extends Span {
  readonly kind: 'AnnAssign'
  readonly target: Expr
  readonly annotation: Expr
  readonly value: Expr | undefined
  /** The target is a bare name, not one in parentheses. */
  readonly simple: boolean
}
export interface For extends Span {
  readonly kind: 'For'
  readonly isAsync: boolean
  readonly target: Expr
  readonly iter: Expr
  readonly body: readonly Stmt[]
  readonly orelse: readonly Stmt[]
}
export interface While extends Span {
  readonly kind: 'While'
  readonly test: Expr
  readonly body: readonly Stmt[]
  readonly orelse: readonly Stmt[]
}
/** An `elif` is an If alone in `orelse`. A chain of them may be long: walk it with a loop. */
export interface If extends Span {
  readonly kind: 'If'
  readonly test: Expr
  readonly body: readonly Stmt[]
  readonly orelse: readonly Stmt[]
}
export interface WithItem {
  readonly context: Expr
  readonly target: Expr | undefined
}
export interface With extends Span {
  readonly kind: 'With'
  readonly isAsync: boolean
  readonly items: readonly WithItem[]
  readonly body: readonly Stmt[]
}
export interface MatchCase {
  readonly pattern: Pattern
  readonly guard: Expr | undefined
  readonly body: readonly Stmt[]
}
export interface Match extends Span {
  readonly kind: 'Match'
  readonly subject: Expr
  readonly cases: readonly MatchCase[]
}
export interface Raise extends Span {
  readonly kind: 'Raise'
  readonly exc: Expr | undefined
  readonly cause: Expr | undefined
}
export interface ExceptHandler extends Span {
  readonly kind: 'ExceptHandler'
  readonly type: Expr | undefined
  readonly name: string | undefined
  readonly body: readonly Stmt[]
}
export interface Try extends Span {
  readonly kind: 'Try'
  /** `except*` */
  readonly star: boolean
  readonly body: readonly Stmt[]
  readonly handlers: readonly ExceptHandler[]
  readonly orelse: readonly Stmt[]
  readonly finalbody: readonly Stmt[]
}
export interface Assert extends Span {
  readonly kind: 'Assert'
  readonly test: Expr
  readonly msg: Expr | undefined
}
export interface Alias extends Span {
  readonly name: string
  readonly asname: string | undefined
}
export interface Import extends Span {
  readonly kind: 'Import'
  readonly names: readonly Alias[]
}
export interface ImportFrom extends Span {
  readonly kind: 'ImportFrom'
  readonly module: string | undefined
  readonly names: readonly Alias[]
  /** The number of leading dots. */
  readonly level: number
}
export interface Global extends Span {
  readonly kind: 'Global' | 'Nonlocal'
  readonly names: readonly string[]
}
export interface ExprStmt extends Span {
  readonly kind: 'Expr'
  readonly value: Expr
}
export interface Simple extends Span {
  readonly kind: 'Pass' | 'Break' | 'Continue'
}
export type Stmt =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | TypeAlias
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | ExprStmt
  | Simple

// Patterns
export interface MatchValue extends Span {
  readonly kind: 'MatchValue'
  readonly value: Expr
}
export interface MatchSingleton extends Span {
  readonly kind: 'MatchSingleton'
  readonly value: boolean | null
}
export interface MatchSequence extends Span {
  readonly kind: 'MatchSequence'
  readonly patterns: readonly Pattern[]
}
export interface MatchMapping extends Span {
  readonly kind: 'MatchMapping'
  readonly keys: readonly Expr[]
  readonly patterns: readonly Pattern[]
  readonly rest: string | undefined
}
export interface MatchClass extends Span {
  readonly kind: 'MatchClass'
  readonly cls: Expr
  readonly patterns: readonly Pattern[]
  readonly kwdAttrs: readonly string[]
  readonly kwdPatterns: readonly Pattern[]
}
export interface MatchStar extends Span {
  readonly kind: 'MatchStar'
  readonly name: string | undefined
}
export interface MatchAs extends Span {
  readonly kind: 'MatchAs'
  readonly pattern: Pattern | undefined
  readonly name: string | undefined
}
export interface MatchOr extends Span {
  readonly kind: 'MatchOr'
  readonly patterns: readonly Pattern[]
}
export type Pattern =
  | MatchValue
  | MatchSingleton
  | MatchSequence
  | MatchMapping
  | MatchClass
  | MatchStar
  | MatchAs
  | MatchOr

export type Node = Expr | Stmt | Pattern | ExceptHandler | Keyword

export interface Comment {
  readonly line: number
  readonly column: number
  /** Without the `#`. */
  readonly text: string
  /** Nothing else stands on its line. */
  readonly alone: boolean
}

export interface Module {
  readonly kind: 'Module'
  readonly name: string
  readonly source: string
  readonly body: readonly Stmt[]
  readonly comments: readonly Comment[]
  readonly scope: Scope
}
