// The page of a run: whatever names and values are, it stays one page, and nothing of them is markup.
#include "cli/run_page.hpp"

#include <array>
#include <string>

#include <weir_catch.hpp>

#include "cli/chain_picture.hpp"
#include "cli/html.hpp"

namespace weir::cli {
namespace {

const std::string kHostile = "</title></table><script>alert(1)</script>\"'&<img src=x onerror=y>\x1b[2J\xff\u202e";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

PageOfRun page(const std::string& word) {
  PageOfRun made;
  made.name = made.run = made.manifest = made.state = made.guarantee = made.reject_shown = made.confirmation = word;
  made.error = base::make_error(base::Status::internal, base::Fault::data, word, word).with_hint(word).with_link(word);
  made.error->place = {word, 3, 4, 1, word};
  made.loads_shown = {word};
  made.guarantee_links = {{word, word}};
  made.notices = {word};
  integrity::Line extract, load;
  extract.link = extract.component = load.link = load.component = word;
  extract.role = integrity::Role::extract;
  extract.account.rows_out = 1'234'567;
  extract.account.rejected.add(word, 3);
  extract.account.dropped.add(word, 2);
  load.role = integrity::Role::load;
  load.account.rows_in = load.account.rows_out = 1'234'567;
  load.account.digest = integrity::Digest{};
  load.from = {0};
  made.ledger.lines = {extract, load};
  made.rejects = {{word, word, word, word, "{\"" + word + "\":1}"}};
  made.record.planned_ns = made.record.started_ns = made.record.ended_ns = 1'795'731'545'000'000'000;
  made.record.because = made.record.links = made.record.remarks = {word};
  made.judgements = {{word, word, word, word, -1, integrity::Judgement::Verdict::failed}};
  made.record.spent = events::RunTimed{{{word, 8}}, 2, 3, 4, 5};
  made.record.epochs = {{1, 10, 1'795'731'545'000'000'000, 0}};
  return made;
}

// Of a pipeline with streams.
PageOfRun whole(const std::string& word) {
  PageOfRun made;
  made.name = made.state = word;
  made.exit_code = -1;
  for (const std::uint64_t loaded : {5U, 7U}) {
    run::StreamReport& one = made.streams.emplace_back();
    one.stream = one.state = word;
    one.loaded = loaded;
    one.error = base::make_error(base::Status::internal, base::Fault::data, word, word);
  }
  made.streams_without_page = 3;
  return made;
}

}  // namespace

TEST_CASE("what comes from elsewhere is no markup, wherever it stands") {
  const std::string hostile = run_page({page(kHostile), whole(kHostile)}, 0),
                    plain = run_page({page("x"), whole("x")}, 0);
  for (const char* const part :
       {"<script", "<img", "onerror=y>", "\x1b", "\xff", "\u202e", "http:", "https:", "url(", "@import"}) {
    INFO(part);
    CHECK(count(hostile, part) == 0);
  }
  for (const char* const element : {"<", ">", "\""}) CHECK(count(hostile, element) == count(plain, element));
  CHECK(count(hostile, "&lt;script&gt;alert(1)") > 20);
}

TEST_CASE("a text is escaped for elements and for attributes") {
  CHECK(html_text("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(html_text("tab\tbell\x07 line\n") == "tab\\tbell\\x07 line\\n");
  CHECK(html_text("r\u202etl \u200b\ufeff") == "rU+202Etl U+200BU+FEFF");
  CHECK(html_text("\xc3\xbc\xff") == "\u00fc\ufffd");
  CHECK(shortened("\u00fcber-allem", 5) == "\u00fcber\u2026");
  CHECK(shortened("\u00fcber", 4) == "\u00fcber");
}

TEST_CASE("the chain is drawn with a box a link and a line for each flow") {
  integrity::Ledger ledger = page("x").ledger;
  integrity::Line other = ledger.lines[1];
  other.link = "a link of a name that is longer than any box is wide";
  ledger.lines.push_back(other);
  const std::string drawn = chain_picture(ledger);
  CHECK(count(drawn, "<rect") == 3);
  CHECK(count(drawn, "class=\"flow\"") == 2);
  CHECK(count(drawn, "1,234,567 rows") == 2);
  CHECK(count(drawn, "a link of a name that is \u2026</text>") == 1);
  CHECK(count(drawn, "2 dropped \u00b7 3 rejected") == 2);  // the title and the text
  CHECK(chain_picture({}).empty());
}

TEST_CASE("of many streams there is a line for each, and the sums of all") {
  const std::string text = run_page({whole("x")}, 0);
  CHECK(count(text, "<dt>loaded</dt><dd>12</dd>") == 1);
  CHECK(count(text, "<h2>The streams</h2>") == 1);
  CHECK(count(text, "Of 3 streams more there is this line alone") == 1);
  CHECK(count(text, "<h2>The chain") == 0);
  CHECK(count(text, "exit code") == 0);
}

TEST_CASE("a run that failed before a row was counted has a page, too") {
  PageOfRun failed;
  failed.name = "orders";
  failed.state = "failed";
  failed.exit_code = 2;
  failed.error = base::manifest_error("manifest.file", "no such file");
  const std::string text = run_page({failed}, 0);
  CHECK(count(text, "no such file") == 1);
  CHECK(count(text, "<svg") == 0);
  CHECK(count(text, "<h2>Time") == 0);
}

}  // namespace weir::cli
