// The loader as a host calls it, in a folder of its own.
#include <weir/testing.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "checks.hpp"

namespace {

namespace fs = std::filesystem;
using weir::testing::no_error;

const weir_loader& table() {
  return *static_cast<const weir_loader*>(weir::testing::component_of(weir_plugin_v1(), "{{name}}")->table);
}

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "{{name}}-XXXXXX").string();
  must(mkdtemp(name.data()) != nullptr, "expected a temporary folder");
  return name;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Writes one epoch of these lines, and prepares it: the committable.
std::string prepare(weir::testing::Surroundings& surroundings, const std::vector<const char*>& lines) {
  const weir::Schema schema = weir::Schema::rows(weir::fields_of(weir::Schema::field("u", "message")));
  const ArrowSchema* inputs[] = {&schema.get()};
  const weir_string stream{};
  weir::testing::Schemas stored;
  weir::testing::Collected collected;
  weir::testing::Bytes committables;
  weir_error error = no_error();
  void* self = nullptr;
  must(table().open(surroundings.context(), inputs, &stream, 1, stored.sink(), &self, &error) == WEIR_OK,
       error.message);
  std::vector<weir::Array> columns;
  columns.push_back(weir::testing::text_column(lines));
  weir_batch batch =
      weir::testing::batch_of(weir::rows_of(static_cast<std::int64_t>(lines.size()), std::move(columns)));
  must(table().writer->write(self, 0, &batch, collected.next(), &error) == WEIR_OK, error.message);
  if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  must(collected.rejected.size() == 1 && collected.rejected[0].row == 1, "expected the null to be rejected");
  weir_receipt receipt{};
  receipt.size = sizeof receipt;
  weir_receipt* receipts[] = {&receipt};
  must(table().writer->prepare(self, 1, committables.sink(), receipts, 1, &error) == WEIR_OK, error.message);
  must(receipt.rows == 2, "expected a receipt of 2 rows");
  table().writer->close(self);
  return committables.kept.at(0);
}

template <class Call>
void with_committer(weir::testing::Surroundings& surroundings, Call call) {
  weir_error error = no_error();
  void* self = nullptr;
  must(table().committer->open(surroundings.context(), &self, &error) == WEIR_OK, error.message);
  must(call(self, &error) == WEIR_OK, error.message);
  table().committer->close(self);
}

}  // namespace

int main() {
  const fs::path folder = make_folder();
  weir::testing::Surroundings surroundings({{"/folder", folder.string()}, {"/column", "message"}});
  const fs::path file = folder / "run-1-lane-1.txt";

  std::string committable = prepare(surroundings, {"first", nullptr, "second"});
  must(!fs::exists(file), "expected nothing to be seen before the commit");
  weir_bytes one = weir::to_bytes(committable);
  for (int i = 0; i < 2; ++i) {  // again, as after a crash
    with_committer(surroundings, [&](void* self, weir_error* error) {
      weir::testing::Bytes published;
      return table().committer->commit(self, 1, &one, 1, published.sink(), error);
    });
  }
  must(text_of(file) == "first\nsecond\n", "expected two lines, found " + text_of(file));
  fs::remove(file);

  committable = prepare(surroundings, {"x", nullptr, "y"});
  with_committer(surroundings, [](void* self, weir_error* error) {  // found by its name, not by the committable
    return table().committer->abort(self, 1, nullptr, 0, error);
  });
  must(fs::is_empty(folder), "expected nothing to be left of an epoch that was aborted");
  fs::remove_all(folder);
}
