#include "run/rejects.hpp"

#include <weir_catch.hpp>

#include "arrow/json.hpp"
#include "arrow/validate.hpp"
#include "run/fake_plan.hpp"

namespace weir::run {

TEST_CASE("rejects are written as rows of their sink, whatever bytes a plugin told") {
  const weir::Schema schema = reject_schema();
  std::vector<std::string> written;
  fake::Loaded loaded;
  loaded.on_write = [&](const pipeline::Batch& batch) -> base::Result<void> {
    CHECK(arrow::check_full(batch.rows.get(), schema.get()));
    for (std::int64_t row = 0; row < batch.rows.length(); ++row) {
      arrow::append_row_as_json(written.emplace_back(), batch.rows.get(), schema.get(), row);
    }
    return {};
  };
  fake::Load load(loaded, false, false);
  const auto sink = load.open_writer({{&schema.get(), RejectWriter::refuse()}}, {}, {});
  REQUIRE(sink);
  RejectWriter writer(**sink, 0);
  pipeline::Reject reject;
  reject.row = R"({"n":1})";
  reject.column = "n";
  reject.reason = "too small";
  reject.place.file = "a.csv";
  reject.place.line = 7;
  reject.split = "a.csv";
  reject.position = 4242;
  writer.add(reject);
  reject.row = "{not json \xff";
  reject.record = "a,\xff\xfe,b";
  reject.detail = "found \"\xc3\"";
  reject.position = -1;
  writer.add(reject);
  REQUIRE(writer.write(true));
  REQUIRE(written.size() == 2);
  CHECK_THAT(written[0], test::Contains(R"("reason":"n: too small")"));
  CHECK_THAT(written[0], test::Contains(R"("split":"a.csv","position":4242,"file":"a.csv","line":7)"));
  CHECK_THAT(written[1], test::Contains(R"("row":null)"));
  CHECK_THAT(written[1], test::Contains(R"("position":null)"));
  CHECK_THAT(written[1], test::Contains("a,\xEF\xBF\xBD\xEF\xBF\xBD,b"));
}

TEST_CASE("many rejects are written in batches, each once") {
  fake::Loaded loaded;
  fake::Load load(loaded, false, false);
  const auto sink = load.open_writer({{nullptr, RejectWriter::refuse()}}, {}, {});
  REQUIRE(sink);
  RejectWriter writer(**sink, 0);
  for (int i = 0; i < 10'000; ++i) {
    pipeline::Reject reject;
    reject.record = std::to_string(i);
    writer.add(std::move(reject));
    REQUIRE(writer.write());
  }
  CHECK(loaded.rows == 8192);
  REQUIRE(writer.write(true));
  CHECK(loaded.rows == 10'000);
}

}  // namespace weir::run
