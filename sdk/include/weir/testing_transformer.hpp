// What a test of a transformer needs of a host: an instance over rows of one input. Threads: a test's one.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "testing.hpp"

namespace weir::testing {

// The table of the plugin's transformer of this name.
inline const weir_transformer& transformer_of_plugin(std::string_view name) {
  return *static_cast<const weir_transformer*>(component_of(weir_plugin_v1(), name)->table);
}

// One instance of it, made with these options for rows of `input`, and destroyed with this. A test may derive from it.
class TransformerInstance {
 public:
  TransformerInstance(std::string_view name, Schema input, Options options)
      : table_(transformer_of_plugin(name)), surroundings_(std::move(options)), input_(std::move(input)) {
    const ArrowSchema* inputs[] = {&input_.get()};
    const weir_string unnamed[] = {{nullptr, 0}};
    status = table_.create(surroundings_.context(), inputs, unnamed, 1, schemas_.sink(), &self, &error);
  }
  TransformerInstance(const TransformerInstance&) = delete;
  TransformerInstance& operator=(const TransformerInstance&) = delete;
  ~TransformerInstance() {
    if (self != nullptr) table_.destroy(self);
  }

  const weir_transformer& table() const { return table_; }
  // The schema of the first output. Precondition: status is WEIR_OK.
  const ArrowSchema& output() const { return schemas_.kept.at(0).get(); }

  // Calls process() with rows [first, first + length) of these columns; status and error tell how it ended, `collected` what
  // came of this call.
  Collected& process(std::vector<Array> columns, std::int64_t first, std::int64_t length) {
    weir_batch batch = batch_of(rows_of(first + length, std::move(columns)));
    batch.rows.offset = first;
    batch.rows.length = length;
    collected = Collected();
    status = table_.process(self, 0, &batch, collected.next(), &error);
    return collected;
  }
  // The same of one column from row `first` on; gives the rows that were pushed last, or none.
  Array process(Array column, std::int64_t first = 0) {
    const std::int64_t length = column->length - first;
    std::vector<Array> columns;
    columns.push_back(std::move(column));
    process(std::move(columns), first, length);
    return collected.pushed.empty() ? Array() : std::move(collected.pushed.back().rows);
  }

  Collected collected;
  void* self = nullptr;  // null: it was refused, as status and error tell
  weir_status status = WEIR_OK;
  weir_error error = no_error();

 private:
  const weir_transformer& table_;
  Surroundings surroundings_;
  Schema input_;
  Schemas schemas_;
};

}  // namespace weir::testing
