// What a test of a transformer needs of a host: an instance over rows of one input. Threads: a test's one.
#pragma once

#include <string_view>
#include <utility>

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
