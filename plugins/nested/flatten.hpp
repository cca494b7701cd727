// flatten: a transformer that puts the fields of structs in the place of their columns.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

namespace weir::nested {

// Values are shared, not copied; where a struct is null its fields get a validity of their own.
// Threads: one caller at a time.
class Flatten : public Transformer {
 public:
  Flatten(const Context& context, const Inputs& inputs, const Outputs& outputs);

  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}
  void lineage(std::uint64_t output, std::string_view column, std::uint64_t input, const Sink& names) const;

 private:
  // A column of the output: the way to it, from the column of the input down through the fields of structs.
  struct Leaf {
    std::vector<std::int64_t> path;
    std::string name;
    std::string source;  // the input's column
  };
  void add(const ArrowSchema& field, Leaf leaf, bool nullable, std::vector<Schema>& fields);
  void check_names() const;

  std::string separator_;
  std::size_t depth_;
  std::vector<std::string> chosen_;  // columns; none: all
  std::vector<Leaf> leaves_;
};

}  // namespace weir::nested
