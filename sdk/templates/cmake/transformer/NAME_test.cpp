// The transformer as a host calls it.
#include <weir/testing_transformer.hpp>

#include "checks.hpp"

namespace {

weir::Schema schema() { return weir::Schema::rows(weir::fields_of(weir::Schema::field("u", "name"))); }

void texts_are_trimmed() {
  weir::testing::TransformerInstance instance("{{name}}", schema(), {{"/column", "name"}});
  must(instance.status == WEIR_OK, instance.error.message);
  const weir::Array rows = instance.process(weir::testing::text_column({"x", "  a b\t", nullptr, " "}), 1);
  must(instance.status == WEIR_OK, instance.error.message);
  const weir::TextColumn texts(*rows->children[0], rows->offset);
  must(rows->length == 3 && texts[0] == "a b" && !texts.valid(1) && texts.valid(2) && texts[2].empty(),
       "expected a b, a null and an empty text");
}

void a_column_that_is_not_there_is_told() {
  const weir::testing::TransformerInstance instance("{{name}}", schema(), {{"/column", "nmae"}});
  must(instance.status == WEIR_INVALID_ARGUMENT, "expected an error of the manifest");
  must(std::string(instance.error.option) == "/column",
       "expected the option, found " + std::string(instance.error.option));
}

}  // namespace

int main() {
  texts_are_trimmed();
  a_column_that_is_not_there_is_told();
}
