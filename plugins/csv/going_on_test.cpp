// A file over many epochs: written with flushes, and gone on with by other encoders, it is the file written in one go.
#include <random>

#include <weir_catch.hpp>

#include "encoder.hpp"
#include "fake_host.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::test;

namespace {

using Random = std::mt19937_64;

Schema schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  fields.push_back(Schema::field("u", "text"));
  return Schema::rows(std::move(fields));
}

// Rows [from, to) of all that are written; each has a text of its own, some of many bytes.
Array rows(std::int64_t from, std::int64_t to) {
  NumberBuilder<std::int64_t> numbers;
  TextBuilder texts;
  for (std::int64_t row = from; row < to; ++row) {
    numbers.append(row);
    texts.append(row % 7 == 0 ? ""
                              : (row % 3 == 0 ? "a, \"한\"\n" : "가나다") +
                                    std::string(static_cast<std::size_t>(row % 97), 'x'));
  }
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(texts.finish());
  return rows_of(to - from, std::move(columns));
}

// One file. The host's numbers: `frame` bytes stand in front of what was written, as those of a codec do.
class File {
 public:
  File(const std::string& options, std::int64_t frame) : config_(options), context_(host_, config_), frame_(frame) {
    open(0);
  }
  void write(std::int64_t from, std::int64_t to) {
    const Array array = rows(from, to);
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = array.get();
    Batch in_hand(&batch);
    encoder_->encode(in_hand, Next(&next_));
  }
  // What stands is all that another encoder needs, and all that it may know.
  void go_on() {
    encoder_->flush();
    open(frame_ + static_cast<std::int64_t>(output_.bytes.size()));
  }
  void flush() { encoder_->flush(); }
  std::string end() {
    encoder_->end();
    return output_.bytes;
  }

 private:
  void open(std::int64_t written) {
    output_.written = written;
    encoder_ = std::make_unique<CsvEncoder>(Context(&context_), schema_.get(), Outputs(&stored_), Output(&output_));
  }

  const FakeHost host_;
  const FakeConfig config_;
  FakeContext context_;
  const FakeSchemas stored_;
  const FakeNext next_;
  const Schema schema_ = schema();
  std::int64_t frame_;
  FakeOutput output_;
  std::unique_ptr<CsvEncoder> encoder_;
};

}  // namespace

TEST_CASE("a file that is gone on with is the same as one written in one go") {
  constexpr std::int64_t kRows = 4000;
  for (const char* options :
       {"{}", R"({"bom": true})", R"({"header": false})", R"({"line_end": "crlf", "quoting": "all"})",
        R"({"encoding": "utf-16"})", R"({"encoding": "utf-32"})", R"({"encoding": "utf-7"})",
        R"({"encoding": "iso-2022-kr"})", R"({"encoding": "euc-kr", "header": false})", R"({"encoding": "ibm933"})"}) {
    File once(options, 0);
    once.write(0, kRows);
    const std::string whole = once.end();
    REQUIRE(whole.size() > 100000);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      INFO(options << ", seed " << seed);
      Random random(seed);
      File file(options, seed % 2 == 0 ? 0 : 20);
      for (std::int64_t at = 0; at < kRows;) {
        const auto to = std::min<std::int64_t>(kRows, at + static_cast<std::int64_t>(random() % 500));
        file.write(at, to);
        at = to;
        const auto next = random() % 3;
        if (next == 0) file.flush();
        if (next == 1) file.go_on();
      }
      REQUIRE(file.end() == whole);
    }
  }
}

TEST_CASE("a file without a row in its first epoch has its head once") {
  for (const char* options : {"{}", R"({"encoding": "utf-32", "header": false})", R"({"encoding": "iso-2022-kr"})"}) {
    INFO(options);
    File once(options, 0), file(options, 20);
    once.write(1, 9);
    file.go_on();
    file.write(1, 9);
    file.go_on();
    CHECK(file.end() == once.end());
  }
}
