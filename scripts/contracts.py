"""An import contract of our own: some modules, looked at alone, import one another in no circle."""

from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output


class AcyclicModules(Contract):
    """`modules` (wildcards allowed) form no cycle by their direct imports of one another."""

    type_name = "acyclic_modules"
    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find one cycle, if there is any."""
        matched = {
            name for expression in cast(list[str], self.modules) for name in graph.find_matching_modules(expression)
        }
        arrows = {name: graph.find_modules_directly_imported_by(name) & matched for name in matched}
        cycle = find_cycle(arrows)
        return ContractCheck(kept=not cycle, metadata={"cycle": cycle})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Show the cycle."""
        output.print_error("A cycle: " + " -> ".join(check.metadata["cycle"]))


def find_cycle(arrows: dict[str, set[str]]) -> list[str]:
    """One cycle as a path that ends where it began; empty when there is none."""
    left = {name: set(targets) for name, targets in arrows.items()}
    while ends := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in ends:
            del left[name]
    if not left:
        return []
    path = [min(left)]
    while path[-1] not in path[:-1]:
        path.append(min(left[path[-1]] & left.keys()))
    return path[path.index(path[-1]) :]
