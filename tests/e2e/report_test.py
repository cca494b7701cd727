# slow
"""weir run --report: one page that needs no other file, of runs of every end, with hostile data in it; looked at by a browser if there
is one (apt-get install chromium)."""
import html.parser, shutil

from harness import *

HOSTILE = '</td><script>alert(1)</script>"\'&\u202e<img src=x onerror=alert(2)>'
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
PYTHON = "/usr/bin/python3"  # whose modules are Debian's packages
PARSES = subprocess.run([PYTHON, "-c", "import html5lib"], capture_output=True)
VOID = {"meta", "link", "br", "path", "rect", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    """A page whose elements are closed in the order in which they were opened; its texts, and what it would load."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.seen, self.words, self.addresses, self.ids = [], [], [], [], []
        self.feed(text)
        self.close()
        must(not self.open, f"never closed: {self.open}")
        must(text.startswith("<!DOCTYPE html>"), text[:30])

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            must(not name.startswith("on"), f"<{tag} {name}>")
            if name in ("src", "href", "action", "data", "xlink:href"):
                self.addresses.append(value)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        must(self.open and self.open[-1] == tag, f"</{tag}> in {self.open}")
        self.open.pop()

    def handle_data(self, data):
        self.words.append(data)


def page_of(place, name="report.html"):
    text = place.read(name)
    page = Page(text)
    must(page.addresses == ["data:,"], f"expected no other file, found {page.addresses}")
    for word in ("http:", "https:", "url(", "@import", "<script", "<iframe"):
        must(word not in text.replace("http-equiv", ""), f"expected no {word}")
    page.text = " ".join(" ".join(page.words).split())
    must(PARSES.returncode == 0 or os.environ.get("CI") is None, "expected Debian's python3-html5lib, found none")
    if PARSES.returncode == 0:  # as browsers read it, and nothing that they would have to mend
        read = subprocess.run([PYTHON, "-c", "import html5lib, sys; html5lib.HTMLParser(strict=True).parse(open(sys.argv[1]).read())",
                               place.folder / name], capture_output=True, text=True)
        must(read.returncode == 0, read.stderr[-400:])
    if BROWSER:
        looked_at(place, place.folder / name)
    return page


def looked_at(place, file):
    """A browser shows it, and its console stays empty."""
    ended = subprocess.run([BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                            f"--user-data-dir={place.home}/browser", "--virtual-time-budget=1000", "--dump-dom", f"file://{file}"],
                           capture_output=True, text=True, timeout=120, env={**place.env, "HOME": str(place.home)})
    must("</html>" in ended.stdout, ended.stderr[-500:])
    said = [line for line in ended.stderr.splitlines() if "CONSOLE" in line or "Refused to" in line]
    must(not said, said)


def shop(place):
    place.write("in.csv", "id,city,price\n" + "".join(f"{i},Rome,{i}.50\n" for i in range(1, 500)) + "500,Rome,n/a\n501,Rome,n/a\n")
    return {"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64", "price": "double"}}}


@case
def of_a_run_with_all_there_is(place):
    name = place.manifest(shop(place), [{"use": "sqlite", "database": "out.db", "table": "t"}, {"use": "file", "path": "out.ndjson"}],
                          [{"use": "filter", "where": "id <= 400"}], reject={"use": "file", "path": "rejects.ndjson"},
                          checkpoint={"rows": 100})
    ended = place.weir("run", name, "--report", "report.html", "--output", "json").works()
    page = page_of(place)
    report = json.loads(ended.out)
    for word in (report["run"], "complete", "501", "400", "2 × price not a number", "in.csv:501", "exactly once", "Where the time went",
                 "filter worked", "extract worked", "load-2 worked", "waited for memory", "the loads waited for rows",
                 "Epochs that were prepared and committed", "filter", "digest"):
        must(word in page.text, f"expected {word!r} in {page.text}")
    must(all(link["digest"] in page.text for link in report["ledger"]["links"] if "digest" in link), page.text)
    must(page.seen.count("svg") == 1 and page.seen.count("rect") == 4, page.seen)
    must('"n/a"' in page.text, "expected the rejected row")
    must(not [file for file in place.files() if file.startswith("report.html.")], place.files())


@case
def of_what_was_asked_of_the_rows(place):
    checks = [{"rows": {"min": 1}}, {"column": "price", "mean": {"max": 1}, "on": "warn"}, {"column": "id", "unique": True}]
    rules = [{"use": "validate", "columns": {"id": {"max": 450}, "city": {"enum": ["Rome"]}}}, {"use": "expect", "checks": checks}]
    name = place.manifest(shop(place), {"use": "file", "path": "out.ndjson"}, rules, reject={"use": "file", "path": "rejects.ndjson"})
    ended = place.weir("run", name, "--report", "report.html", "--output", "json").works()
    found = {(one["verdict"], one["link"], one["subject"], one["found"]) for one in json.loads(ended.out)["quality"]}
    wanted = {("rejected", "validate", "column 'id'", "49 rows break it"), ("kept", "validate", "column 'city'", "no row that breaks it"),
              ("kept", "expect", "rows", "450"), ("warned", "expect", "column 'price'", "226"), ("kept", "expect", "column 'id'", "no row that breaks it")}
    must(found == wanted, f"expected {wanted - found}, found {found - wanted}")
    page, shown = page_of(place), place.weir("runs", "show", json.loads(ended.out)["run"]).works().out
    for _, _, subject, what in wanted:
        must(subject in page.text and what in page.text, f"expected {subject} {what} in {page.text}")
        must(subject in shown and what in shown, f"expected {subject} {what} in {shown}")
    must(shown.count("kept ") == 3 and shown.count("warned ") == 1, shown)
    job = json.loads(place.read(name))
    job["transform"][1]["checks"][0] = {"rows": {"min": 1000}}
    place.write(name, json.dumps(job))
    place.weir("run", name, "--report", "failed.html").fails(1, "expected at least 1000")
    page = page_of(place, "failed.html")
    must("failed expect rows at least 1000 450" in page.text, page.text)


@case
def of_hostile_names_and_values(place):
    place.write("in.csv", f'id,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n1,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n<b>,y\n')
    name = place.manifest({"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64"}}},
                          {"use": "file", "path": "out.ndjson"}, reject={"use": "file", "path": "rejects.ndjson"}, name="job")
    place.write(name, json.dumps({**json.loads(place.read(name)), "name": HOSTILE}))
    place.weir("run", name, "--report", "report.html").works()
    page = page_of(place)
    must("alert(1)" in page.text and "script" not in page.seen and "img" not in page.seen, page.seen)


@case
def of_runs_that_fail(place):
    name = place.manifest(shop(place), {"use": "file", "path": "out.ndjson"})
    place.weir("run", name, "--report", "report.html").fails(1, "n/a")
    page = page_of(place)
    for word in ("failed", "What went wrong", 'expected double, found "n/a"', "in.csv:501", "exit code 1"):
        must(word in page.text, f"expected {word!r} in {page.text}")
    place.write(name, json.dumps({**json.loads(place.read(name)), "limits": {"rejects": "many"}}))
    place.weir("run", name, "--report", "report.html").fails(2, "limits")
    must("expected a count of rows or a share" in page_of(place).text, page_of(place).text)
    process = Speaking(place, "run", place.manifest({"use": "generate", "rows": 2_000_000_000}, {"use": "file", "path": "out.ndjson"}),
                       "--report", "report.html")
    process.until("guarantee")
    process.ends(143, signal.SIGTERM)
    page = page_of(place)
    must("stopped" in page.text and "exit code 143" in page.text, page.text)


@case
def of_several_pipelines_and_of_nothing_to_do(place):
    one = {"extract": {"use": "generate", "rows": 5}, "load": {"use": "file", "path": "one.ndjson"}}
    two = {"extract": {"use": "generate", "rows": 7}, "load": {"use": "file", "path": "two.ndjson"}}
    place.write("job.json", json.dumps({"weir": 1, "pipelines": {"one": one, "two": two}}))
    place.weir("run", "job.json", "--report", "report.html").works()
    page = page_of(place)
    must(page.seen.count("article") == 2 and page.seen.count("svg") == 2, page.seen)
    place.weir("run", "job.json", "--report", "report.html").works()
    must("nothing to do" in page_of(place).text, page_of(place).text)


@case
def of_many_streams(place):
    for stream, rows in (("a", "id\n1\nx\n"), ("b", "id\n1\n2\n"), ("c", "id\ny\n")):
        place.write(f"in/{stream}.csv", rows)
    name = place.manifest({"use": "file", "path": "in/{stream}.csv", "format": {"use": "csv", "types": {"id": "int64"}}, "streams": "*"},
                          {"use": "file", "path": "out_{name}.ndjson"}, reject={"use": "file", "path": "rejects_{name}.ndjson"},
                          streams={"c": {"limits": {"rejects": 0}}})
    place.weir("run", name, "--report", "report.html").fails(3, "stream 'c'")
    page = page_of(place)
    must(page.seen.count("article") == 4 and page.seen.count("svg") == 2, page.seen)  # nothing is known of c's chain
    for word in ("The streams", "job failed", "job a complete", "job b complete", "job c failed", "1 × id ", "in/a.csv:3", "exit code 3"):
        must(word in page.text, f"expected {word!r} in {page.text}")
    must(page.text.count("exit code") == 1, "a stream has none of its own")


@case
def secrets_are_taken_out(place):
    place.env["TOKEN"] = "s3cr3t&<token>-of-length"
    name = place.manifest({"use": "file", "path": "${secret:env/TOKEN}/in.csv"}, {"use": "file", "path": "out.ndjson"})
    place.weir("run", name, "--report", "report.html").fails(1)
    text = place.read("report.html")
    must("s3cr3t" not in text and "***" in text, text)


@case
def where_it_can_not_be_written(place):
    name = place.manifest({"use": "generate", "rows": 5}, {"use": "file", "path": "out.ndjson"})
    told = ""
    for file in ("nowhere/report.html", "home"):
        told += place.weir("run", name, "--report", file).fails(2, "usage.report").err.replace(str(place.folder), "FOLDER")
    must(not any(file.startswith("out.ndjson") for file in place.files()), f"it was run all the same: {place.files()}")
    # What is found only when it is written: the run is what it was, but nobody shall take the page for one of it.
    (place.folder / "closed").mkdir()
    (place.folder / "closed").chmod(0o555)
    nobody = place.as_nobody()
    place.folder.chmod(0o777)
    lost = place.end(subprocess.Popen([*nobody, WEIR, "run", name, "--report", "closed/report.html"], cwd=place.folder,
                                      env={**place.env, "XDG_STATE_HOME": str(place.folder)},
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    lost.fails(1, "closed/report.html")
    must("balanced" in lost.out and "out.ndjson" in place.files(), (lost.out, lost.err, place.files()))
    golden("report.txt", told + lost.err.replace(str(place.folder), "FOLDER"))


if __name__ == "__main__":
    finish()
