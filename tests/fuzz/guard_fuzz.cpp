// libFuzzer target of what stands between a plugin and the rows it hands over: for any schema and array that a plugin could
// make, and any use of what it is lent, the call guard refuses it, or everything that comes through can be read, sliced,
// picked apart and digested. Bytes decide what is made (hostile_schema.hpp, hostile_array.hpp). The first one says how much
// is checked: at full depth, or only the shape, where the host must not crash whatever else is wrong.
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>

#include <nlohmann/json.hpp>

#include "arrow/content_hash.hpp"
#include "arrow/gather.hpp"
#include "arrow/json.hpp"
#include "arrow/schema.hpp"
#include "arrow/validate.hpp"
#include "demand.hpp"
#include "hostile_array.hpp"
#include "hostile_schema.hpp"
#include "integrity/row_digest.hpp"
#include "pipeline/outlet.hpp"

namespace {

using namespace weir;
using fuzz::demand;

constexpr std::int64_t kMostRead = 64;     // rows of a batch that are looked at one by one
constexpr std::size_t kMostFields = 100;   // of a schema that arrays are made for
constexpr std::int64_t kMostItems = 1000;  // of one row, for lists may be of nothing, and have any number of it

std::size_t fields_of(const ArrowSchema& schema) {
  std::size_t count = schema.dictionary == nullptr ? 1 : 1 + fields_of(*schema.dictionary);
  for (std::int64_t i = 0; i < schema.n_children && count <= kMostFields; ++i) count += fields_of(*schema.children[i]);
  return count;
}

// How many values a row may have by lists of a fixed length in each other.
std::int64_t items_of(const ArrowSchema& schema) {
  std::int64_t inner = schema.dictionary == nullptr ? 1 : items_of(*schema.dictionary);
  for (std::int64_t i = 0; i < schema.n_children; ++i) inner = std::max(inner, items_of(*schema.children[i]));
  const TypeInfo type = type_of(schema);
  return type.type == Type::fixed_list && type.width > kMostItems / inner ? kMostItems + 1
         : type.type == Type::fixed_list                                  ? inner * type.width
                                                                          : inner;
}

void read_one_by_one(const ArrowArray& rows, const ArrowSchema& schema, bool full) {
  for (std::int64_t row = 0; row < std::min(rows.length, kMostRead); ++row) {
    std::string line;
    arrow::append_row_as_json(line, rows, schema, row);
    demand(!full || nlohmann::json::accept(line), "a row is JSON");
  }
}

// Rows picked out of rows are rows again, and the same ones.
void pick(const arrow::SharedArray& rows, const ArrowSchema& schema, bool full) {
  std::vector<std::uint32_t> backwards(static_cast<std::size_t>(rows.length()));
  std::iota(backwards.rbegin(), backwards.rend(), 0U);
  const auto picked = arrow::gather(rows, schema, backwards);
  const auto copied = arrow::copy(rows.get(), schema, 0, rows.length());
  integrity::RowDigest digests(schema);
  const auto digest = digests.of(rows.get());
  std::vector<integrity::Digest> each(static_cast<std::size_t>(rows.length()));
  const auto separate = digests.each(rows.get(), each);
  if (!full) return;
  demand(picked.has_value() && copied.has_value() && digest.has_value() && separate.has_value(),
         "rows that passed are taken everywhere");
  integrity::Digest sum;
  for (const auto& one : each) sum.add(one);
  demand(sum == *digest, "the digests of rows add up");
  for (const auto& made : {&*picked, &*copied}) {
    demand(arrow::check_shape(made->get(), schema).has_value(), "copied rows have the right shape");
    demand(arrow::check_full(made->get(), schema).has_value(), "copied rows are right");
    demand(digests.of(made->get()).value() == *digest, "copied rows have the same digest");
  }
}

void read(const arrow::SharedArray& rows, const ArrowSchema& schema, bool full) {
  static_cast<void>(arrow::content_hash(rows.get(), schema));
  demand(!full || arrow::size_bytes(rows.get(), schema) >= 0, "rows have a size");
  if (items_of(schema) > kMostItems || rows.length() > (1 << 16)) return;
  read_one_by_one(rows.get(), schema, full);
  pick(rows, schema, full);
  // Where only the shape was checked, a slice may end at an offset that lies, and then nobody can see that it does.
  if (!full || rows.length() < 3) return;
  const Array slice = rows.slice(1, rows.length() - 2);
  demand(arrow::check_shape(slice.get(), schema).has_value(), "a slice of what is right has the right shape");
  demand(arrow::check_full(slice.get(), schema).has_value(), "a slice of what is right is right");
  read_one_by_one(slice.get(), schema, full);
}

// A plugin's calls, and what came through.
class Calls {
 public:
  Calls(fuzz::Bytes& bytes, const ArrowSchema& schema, bool full) : bytes_(bytes), full_(full) {
    outputs_.push_back(Schema::copy_of(schema));
  }

  void run() {
    pipeline::Outlet reader({"p", "l", &outputs_, nullptr, full_}, &account_, take_reject_);
    reader.begin(std::make_shared<pipeline::Provenance>(), &deliver_);
    push(reader);
    push(reader);
    static_cast<void>(reader.end());
    const std::vector<pipeline::Batch> read = std::move(delivered_);
    for (const auto& batch : read) transform(batch);
  }

 private:
  static const weir_next* next(const pipeline::Outlet& outlet) { return &outlet; }  // as a plugin sees it

  void push(pipeline::Outlet& outlet) {
    static const Schema origin = Schema::field("I", "");
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.base = bytes_.told(-1);
    const auto rows = static_cast<std::int64_t>(bytes_.below(24));
    batch.rows = fuzz::HostileArray::make(bytes_, outputs_[0].get(), rows);
    if (bytes_.byte() >= 128) batch.origins = fuzz::HostileArray::make(bytes_, origin.get(), rows);
    next(outlet)->push(&outlet, static_cast<std::uint64_t>(bytes_.told(0)), &batch);
    demand(batch.rows.release == nullptr && batch.origins.release == nullptr, "what is pushed is taken");
  }

  void transform(const pipeline::Batch& batch) {
    delivered_.clear();
    pipeline::Outlet outlet({"p", "l", &outputs_, &outputs_[0].get(), full_, bytes_.byte() >= 128}, &account_,
                            take_reject_);
    outlet.begin(&batch, &deliver_);
    for (std::size_t i = bytes_.below(3); i > 0; --i) select(outlet, batch.rows.length());
    if (items_of(outputs_[0].get()) <= kMostItems) reject(outlet);
    push(outlet);
    static_cast<void>(outlet.end());
  }
  void select(pipeline::Outlet& outlet, std::int64_t length) {
    std::vector<std::uint32_t> rows(bytes_.below(8));
    for (auto& row : rows) row = static_cast<std::uint32_t>(bytes_.told(length == 0 ? 0 : bytes_.byte() % length));
    next(outlet)->select(&outlet, static_cast<std::uint64_t>(bytes_.told(0)), bytes_.lies() ? nullptr : rows.data(),
                         rows.size());
  }
  void reject(pipeline::Outlet& outlet) {
    const std::string text = bytes_.text(8);
    weir_reject reject{};
    reject.size = sizeof reject;
    reject.row = bytes_.told(bytes_.byte() < 128 ? 0 : WEIR_NO_ROW);
    reject.offset = bytes_.told(-1);
    reject.within = bytes_.told(-1);
    reject.reason = {text.data(), text.size()};
    next(outlet)->reject(&outlet, &reject);
  }

  fuzz::Bytes& bytes_;
  bool full_;
  std::vector<Schema> outputs_;
  integrity::Account account_;
  std::vector<pipeline::Batch> delivered_;
  pipeline::Deliver deliver_ = [this](pipeline::Batch batch) -> base::Result<void> {
    read(batch.rows, outputs_[0].get(), full_);
    delivered_.push_back(std::move(batch));
    return {};
  };
  pipeline::TakeReject take_reject_ = [](const pipeline::Reject& reject) -> base::Result<void> {
    static_cast<void>(reject.error());
    return {};
  };
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const bool full = bytes.byte() % 4 != 3;
  const fuzz::HostileSchema schema(bytes);
  if (!arrow::check_rows_schema(schema.get())) return 0;
  static_cast<void>(arrow::describe(schema.get()));
  demand(arrow::equal(schema.get(), Schema::copy_of(schema.get()).get()), "a copied schema is the same");
  if (fields_of(schema.get()) > kMostFields) return 0;
  Calls(bytes, schema.get(), full).run();
  return 0;
}
