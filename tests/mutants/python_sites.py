"""Every small lie that can be told in a Python file, one at a time."""

import ast
import copy
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from tests.mutants.sites import Site

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}
Place = tuple[tuple[str, int | None], ...]
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Types, decorators and assertions decide nothing; what a log says is nobody's rule.
SKIPPED = {"annotation", "returns", "decorator_list", "bases"}
LOGS = {"log", "_log", "logger"}


def python_sites(path: str, source: str, enums: dict[str, list[str]]) -> list[Site]:
    """The mutants of one module; each is a module of its own."""
    return [
        Site(
            path=path,
            line=getattr(node, "lineno", lines.start),
            lines=lines,
            scope=scope,
            before=_shown(node),
            after=_shown(new),
            make=partial(_made, source, place, ast.copy_location(new, node)),
        )
        for place, scope, lines, node in _walk(ast.parse(source), (), "module", range(0))
        for new in _instead(node, enums)
    ]


def enums_of(sources: list[str]) -> dict[str, list[str]]:
    """The members of each enum that `sources` define."""
    return {
        node.name: [
            item.targets[0].id
            for item in node.body
            if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
        ]
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and "Enum" in base.id for base in node.bases)
    }


def _walk(
    node: ast.AST, place: Place, scope: str, lines: range
) -> Iterator[tuple[Place, str, range, ast.AST]]:
    """Each node that decides something: the way to it, its function, its statement's lines."""
    if isinstance(node, ast.Assert) or _is_log(node) or _is_docstring(node) or _is_strict(node):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = node.name if scope == "module" else f"{scope}.{node.name}"
    if isinstance(node, ast.stmt):
        # Of a block, its head: what is inside it has lines of its own.
        body = getattr(node, "body", None)
        lines = range(node.lineno, body[0].lineno if body else (node.end_lineno or 0) + 1)
    yield place, scope, lines, node
    for field, value in ast.iter_fields(node):
        if field in SKIPPED:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from _walk(child, (*place, (field, index)), scope, lines)


def _instead(node: ast.AST, enums: dict[str, list[str]]) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - one case per kind of lie
    match node:
        case ast.Compare(ops=operators):
            for at, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    yield _with(node, ops=[*operators[:at], other(), *operators[at + 1 :]])
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
            for dropped in range(len(values)):
                left = values[:dropped] + values[dropped + 1 :]
                yield left[0] if len(left) == 1 else _with(node, values=left)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.BinOp(op=operator) if type(operator) in OPERATORS:
            yield _with(node, op=OPERATORS[type(operator)]())
        case ast.Attribute(value=ast.Name(id=name), attr=member) if member in enums.get(name, ()):
            members = enums[name]
            if len(members) > 1:
                yield _with(node, attr=members[(members.index(member) + 1) % len(members)])
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield _with(node, func=ast.Name(CALLS[name], ast.Load()))
        case ast.Match(cases=cases):
            for at, (one, two) in enumerate(pairwise(cases)):
                swapped = [_with(one, body=two.body), _with(two, body=one.body)]
                yield _with(node, cases=[*cases[:at], *swapped, *cases[at + 2 :]])
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call | ast.Await
        ):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value is not None:
            for constant in (None, True, False):
                if not isinstance(value, ast.Constant) and (constant is None or _is_test(value)):
                    yield ast.Return(ast.Constant(constant))
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete() | ast.Continue():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _made(source: str, place: Place, new: ast.AST) -> ast.Module:
    tree = ast.parse(source)
    *way, (field, index) = place
    parent: ast.AST = tree
    for name, position in way:
        child = getattr(parent, name)
        parent = child if position is None else child[position]
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new
    return ast.fix_missing_locations(tree)


def _is_test(value: ast.expr) -> bool:
    return isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Call | ast.Name)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_strict(node: ast.AST) -> bool:
    # Of `zip`: there to fail loudly where two lengths differ, which never happens.
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in LOGS
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name)))):
            return name in LOGS
        case _:
            return False


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:90]
