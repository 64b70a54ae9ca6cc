"""What Spin found against a property, as a story: who did what, and what changed by it."""

import re

_STEP = re.compile(r"^ *\d+:\tproc +(\d+) \((\S+?):\d+\) \S+ \(state \d+\)\t\[")
_VALUE = re.compile(r"^\t\t(\S+) = (\S+)$")
_CYCLE = "<<<<<START OF CYCLE>>>>>"
_SILENT = {":init:", "Time"}


def story(told: str) -> list[str]:
    """One line for each turn of a process: what the world shows that it did not show before."""
    values: dict[str, str] = {}
    lines: list[str] = []
    actor, changed = "", {}

    def end_turn() -> None:
        shown = [f"{name} = {value}" for name, value in changed.items()]
        if shown and actor:
            lines.append(f"    {actor:<22}{', '.join(shown)}")
        changed.clear()

    for line in told.splitlines():
        if step := _STEP.match(line):
            process = f"{step[2]} {step[1]}"
            if process != actor:
                end_turn()
            actor = process
        elif value := _VALUE.match(line):
            if values.get(value[1]) != value[2] and step_counts(actor):
                changed[value[1]] = value[2]
            values[value[1]] = value[2]
        elif _CYCLE in line:
            end_turn()
            lines.append("    from here on again and again:")
    end_turn()
    return lines


def step_counts(actor: str) -> bool:
    return actor.split(" ")[0] not in _SILENT
