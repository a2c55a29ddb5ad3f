"""Table (Markdown) and picture (SVG) of what src/bench/run has measured."""
import datetime
import os
import platform
import re
import statistics

WAYS = {
    "wrk": "wrk, 4 connections (the server's limit)",
    "bare": "bare loop over HttpClient 5, 4 connections, warm",
    "warm": "caravan run, 4 connections, fifth file",
    "cold": "caravan import, 4 connections, start included",
    "undici": "Node script with undici, 32 connections",
    "python": "Python script, one keep-alive connection",
    "curl": "xargs -P16 curl",
}
BEGIN, END = "<!-- src/bench/run --publish writes from here -->", "<!-- to here -->"


def table(results, quick, minutes):
    parts = [machine(quick, minutes)]
    rows = list(targets(results))
    if rows:
        parts.append("| what | at least | measured | |\n|---|---|---|---|\n" + "\n".join(rows))
    if "compare" in results:
        parts.append(compared(results["compare"]))
    others = list(cases(results))
    if others:
        parts.append("| case | rows/s | of the bare loop in a fresh JVM | CPU a row | peak memory |\n|---|---|---|---|---|\n"
                     + "\n".join(others))
    if "slow" in results:
        parts.append("One slow ticket: the others were done after " + ", ".join(
            f"{seconds:.1f} s {name}" for name, seconds in results["slow"].items()) + ".")
    return "\n\n".join(parts) + "\n"


def machine(quick, minutes):
    with open("/proc/meminfo") as lines:
        gigabytes = int(re.search(r"MemTotal: +(\d+)", lines.read()).group(1)) / 2 ** 20
    return (f"{'**Only a try, with a tenth of the rows.** ' if quick else ''}Measured on {datetime.date.today().isoformat()} in "
            f"{minutes:.0f} minutes on {os.cpu_count()} cores ({processor()}, {gigabytes:.0f} GB) shared with the server. "
            "Medians, with the least and the greatest in brackets; ratios are those of one round.")


def processor():
    with open("/proc/cpuinfo") as lines:
        model = re.search(r"model name\s*: (.*)", lines.read())
    return re.sub(r"\(R\)|\(TM\)| CPU|@.*", "", model.group(1)).strip() if model else platform.machine()


def spread(values, form="{:.2f}"):
    if not values:
        return ""
    text = form.format(statistics.median(values))
    least, greatest = form.format(min(values)), form.format(max(values))
    return text if len(values) == 1 else f"{text} ({least}-{greatest})"


def ratios(ours, theirs):
    return [one[0] / other[0] for one, other in zip(ours, theirs)]


def targets(results):
    """The rows of the table, of what was measured."""
    ways = results.get("compare")
    if ways:
        yield row("warm, 100,000 rows, 19,000 tickets, with ledger and receipts, against the bare HttpClient loop", 0.55,
                  ratios(ways["warm"], ways["bare"]))
        yield row("cold (fresh JVM, start included), 100,000 rows, against the Python keep-alive loop", 3.5,
                  ratios(ways["cold"], ways["python"]))
    if "million" in results:
        case = results["million"]
        yield row("cold, 1,000,000 rows, against the bare HttpClient loop", 0.5, ratios(case["caravan"], case["bare"]))
    if ways:
        yield row("cold, 100,000 rows, against the undici script", 0.7, ratios(ways["cold"], ways["undici"]))
        yield row("cold, 100,000 rows, against `xargs -P16 curl`", 40, ratios(ways["cold"], ways["curl"]), "{:.0f}")
    for milliseconds in (20, 200):
        if f"latency {milliseconds}" in results:
            yield row(f"endpoint latency {milliseconds} ms, 32 at once: of 32 / latency", 0.97,
                      results[f"latency {milliseconds}"], "{:.3f}")
    if "rate" in results:
        yield row("`rate` 200/s: achieved", 0.98, [achieved for achieved, _ in results["rate"]], "{:.3f}")
        yield row("`rate` 200/s: the most in any second", 1.02, [most for _, most in results["rate"]], "{:.3f}", most=True)
    if ways:
        yield row("peak resident memory of `import`, 100,000 rows, MB", 300, [way[2] for way in ways["cold"]], "{:.0f}", most=True)
    for name, limit in (("million", 350), ("memory", 350)):
        if name in results:
            yield row(f"the same, {results[name]['rows']:,} rows, MB", limit,
                      [way[2] for way in results[name]["caravan"]], "{:.0f}", most=True)
    for name, what, limit in (("version", "`caravan --version`, s", 0.4),
                              ("first request", "`caravan import` until its first request, s", 1.2),
                              ("first answer", "`caravan sandbox` until its first answer, s", 2.0)):
        if name in results:
            yield row(what, limit, results[name], most=True)


def row(what, limit, values, form="{:.2f}", most=False):
    median = statistics.median(values)
    reached = median <= limit if most else median >= limit
    return f"| {what} | {'at most ' if most else ''}{limit} | {spread(values, form)} | {'yes' if reached else '**no**'} |"


def compared(ways):
    lines = ["| 100,000 rows | rows/s | of the bare loop | CPU a row | peak memory |", "|---|---|---|---|---|"]
    for way, name in WAYS.items():
        measured = ways[way]
        lines.append(line(name, measured, ratios(measured, ways["bare"])))
    return "\n".join(lines)


def cases(results):
    for name, case in results.items():
        if isinstance(case, dict) and "caravan" in case:
            against = ratios(case["caravan"], case["bare"]) if "bare" in case else []
            yield line(f"{name} ({case['rows']:,} rows)", case["caravan"], against)


def line(name, measured, against):
    cpu = [one[1] * 1e6 for one in measured if one[1] is not None]
    memory = [one[2] for one in measured if one[2] is not None]
    rows = spread([one[0] for one in measured], "{:,.0f}")
    return (f"| {name} | {rows} | {spread(against)} | {spread(cpu, '{:.0f}') + ' µs' if cpu else ''} "
            f"| {spread(memory, '{:.0f}') + ' MB' if memory else ''} |")


def picture(ways):
    """Bars of rows a second, with a line from the least to the greatest; readable on light and on dark."""
    bars = [(WAYS[way], [one[0] for one in ways[way]], way in ("warm", "cold")) for way in WAYS]
    widest = max(max(values) for _, values, _ in bars)
    left, width, height = 360, 440, 34
    parts = []
    for number, (name, values, ours) in enumerate(bars):
        y = 16 + number * height
        median, least, greatest = (f(values) / widest * width for f in (statistics.median, min, max))
        parts.append(
            f'<text class="name" x="{left - 10}" y="{y + 15}" text-anchor="end">{name}</text>'
            f'<rect class="{"ours" if ours else "other"}" x="{left}" y="{y}" width="{max(1, median):.1f}" height="22" rx="2"/>'
            f'<path class="spread" d="M{left + least:.1f} {y + 11}H{left + greatest:.1f}"/>'
            f'<text class="value" x="{left + max(median, greatest) + 8:.1f}" y="{y + 15}">{statistics.median(values):,.0f}</text>')
    total = 24 + len(bars) * height
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 {total}" role="img" aria-label="Rows a second">
<title>Rows a second, medians</title>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f }}
.value {{ font-weight: 600 }}
.ours {{ fill: #0a7d5a }}
.other {{ fill: #9aa5b1 }}
.spread {{ stroke: #24292f; stroke-width: 1.5 }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e6edf3 }}
.ours {{ fill: #2fb98a }}
.other {{ fill: #6b7683 }}
.spread {{ stroke: #e6edf3 }}
}}
</style>
{chr(10).join(parts)}
</svg>
"""


def publish(project, text, results):
    """Puts the picture beside this file, and both into the README."""
    if "compare" in results:
        (project / "src/bench/rows-per-second.svg").write_text(picture(results["compare"]))
        text = "![Rows a second of each way](src/bench/rows-per-second.svg)\n\n" + text
    readme = project / "README.md"
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md lacks the lines {BEGIN} and {END}: put them where the table belongs")
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
