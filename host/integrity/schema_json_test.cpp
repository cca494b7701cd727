// Schemas that were kept as JSON, made again.
#include "integrity/schema_json.hpp"

#include <weir_catch.hpp>

#include "arrow/random_array.hpp"
#include "arrow/schema.hpp"

namespace weir::integrity {

TEST_CASE("a schema of every type comes back from its JSON, with its metadata; a dictionary as its words") {
  weir::Schema every = arrow::every_type();
  std::vector<weir::Schema> fields;
  for (std::int64_t i = 0; i < every->n_children; ++i) {
    if (every->children[i]->dictionary == nullptr) fields.push_back(weir::Schema::copy_of(*every->children[i]));
  }
  fields.push_back(weir::Schema::field("u", "json", true, {{std::string(weir::kExtensionKey), "arrow.json"}}));
  const weir::Schema schema = weir::Schema::rows(std::move(fields));
  const auto text = to_json(schema.get()).dump();
  const weir::Schema again = schema_of(nlohmann::ordered_json::parse(text));
  CHECK(arrow::difference(schema.get(), again.get()).empty());
  CHECK(arrow::equal(schema.get(), again.get(), arrow::FieldMetadata::compared));

  const weir::Schema words = weir::Schema::dictionary(weir::Schema::field("i", "a"), weir::Schema::field("u", ""));
  const weir::Schema kept = schema_of(to_json(words.get()));
  CHECK(std::string(kept->name) == "a");
  CHECK(std::string(kept->format) == "u");
}

}  // namespace weir::integrity
