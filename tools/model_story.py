"""What Spin found against a property, as a story: who did what, and what changed by it."""

import re

_STEP = re.compile(r"^ *\d+:\tproc +(\d+) \((\S+?):\d+\) \S+ \(state \d+\)\t\[")
_VALUE = re.compile(r"^\t\t(\S+) = (\S+)$")
_CYCLE = "<<<<<START OF CYCLE>>>>>"
_END = "spin: trail ends"


def values(told: str) -> dict[str, str]:
    """What Spin shows of the world."""
    return {found[1]: found[2] for line in told.splitlines() if (found := _VALUE.match(line))}


def story(start: str, told: str) -> list[str]:
    """One line for each turn of a process that changes what everybody sees."""
    world = values(start)
    lines: list[str] = []
    actor = ""
    changed: dict[str, str] = {}

    def end_turn() -> None:
        if changed:
            shown = ", ".join(f"{name} = {value}" for name, value in changed.items())
            lines.append(f"    {actor:<22}{shown}")
        changed.clear()

    for line in told.split(_END)[0].splitlines():
        if step := _STEP.match(line):
            if actor != (process := f"{step[2]} {step[1]}"):
                end_turn()
            actor = process
        elif (value := _VALUE.match(line)) and world.get(value[1]) != value[2]:
            if value[1] in changed:
                end_turn()
            changed[value[1]] = world[value[1]] = value[2]
        elif _CYCLE in line:
            end_turn()
            lines.append("    and from here on, again and again:")
    end_turn()
    return lines
