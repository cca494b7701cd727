// Every way in which a ledger does not balance, in golden/messages.txt.
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "integrity/ledger.hpp"
#include "integrity/row_digest.hpp"

namespace weir::integrity {
namespace {

Line line(const char* link, Role role, std::uint64_t in, std::uint64_t out) {
  Line made;
  made.link = link;
  made.component = "csv";
  made.role = role;
  made.account.rows_in = in;
  made.account.leave(0, out);
  return made;
}

}  // namespace

TEST_CASE("a ledger that does not balance is told as the golden file says") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  Ledger ledger{
      {line("orders", Role::extract, 0, 9), line("clean", Role::transform, 9, 9), line("out", Role::load, 9, 9)}};
  ledger.lines[1].from = {0};
  ledger.lines[2].from = {1};
  REQUIRE(ledger.balance());
  ledger.lines[2].confirmed_rows = 7;
  told.tell_failure("a destination that has fewer", ledger.balance());
  ledger.lines[2].confirmed_rows = -1;
  ledger.lines[2].account.rows_in = 8;
  told.tell_failure("rows lost between two links", ledger.balance());
  ledger.lines[2].account.rows_in = 9;
  ledger.lines[1].account.rejected.add("bad", 1);
  told.tell_failure("rows lost in a link", ledger.balance());
  ledger = {{line("orders", Role::extract, 0, 9), line("out", Role::load, 9, 8)}};
  ledger.lines[1].from = {0};
  ledger.lines[1].once = false;
  ledger.lines[1].from = {0};
  told.tell_failure("rows lost in the whole", ledger.balance());
  told.end();
}

namespace {

// Text whose second offset is beyond the last.
weir::Array bad_texts() {
  weir::TextBuilder texts;
  texts.append("a");
  texts.append("b");
  weir::Array column = texts.finish();
  static_cast<std::int32_t*>(const_cast<void*>(column->buffers[1]))[1] = 7;
  return column;
}

weir::Array bad_views() {
  weir::ViewBuilder views;
  views.append("a text of more than twelve");
  weir::Array column = views.finish();
  static_cast<std::int32_t*>(const_cast<void*>(column->buffers[1]))[3] = 70;
  return column;
}

weir::Array bad_indices() {
  weir::NumberBuilder<std::int8_t> indices;
  indices.append(-1);
  weir::TextBuilder words;
  words.append("a");
  return weir::with_dictionary(indices.finish(), words.finish());
}

weir::Array bad_lists() {
  weir::ArrayParts parts;
  parts.length = 2;
  parts.buffers.resize(2);
  for (const std::int32_t offset : {0, 9, 1}) parts.buffers[1].append(&offset, sizeof offset);
  weir::NumberBuilder<std::int64_t> items;
  items.append(5);
  parts.children.push_back(items.finish());
  return weir::make_array(std::move(parts));
}

base::Result<Digest> tried_digest(weir::Schema field, weir::Array column) {
  const std::int64_t length = column->length;
  const weir::Schema schema = weir::Schema::rows(weir::fields_of(std::move(field)));
  std::vector<weir::Array> columns;
  columns.push_back(std::move(column));
  return RowDigest(schema.get()).of(weir::rows_of(length, std::move(columns)).get());
}

}  // namespace

TEST_CASE("a batch that leads out of itself is told as the golden file says, and not followed") {
  using weir::Schema;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "batches.txt");
  told.tell_failure("offsets of texts", tried_digest(Schema::field("u", "a"), bad_texts()));
  told.tell_failure("views", tried_digest(Schema::field("vu", "a"), bad_views()));
  told.tell_failure("offsets of lists", tried_digest(Schema::nested("+l", "a", Schema::field("l", "x")), bad_lists()));
  told.tell_failure("indices of a dictionary",
                    tried_digest(Schema::dictionary(Schema::field("c", "a"), Schema::field("u", "")), bad_indices()));
  told.end();
}

}  // namespace weir::integrity
