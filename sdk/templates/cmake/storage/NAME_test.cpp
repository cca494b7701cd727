// The storage as a host calls it.
#include <weir/testing.hpp>

#include "checks.hpp"

int main() {
  const auto& table =
      *static_cast<const weir_storage*>(weir::testing::component_of(weir_plugin_v1(), "{{name}}")->table);
  weir::testing::Surroundings surroundings({{"/path", "a.csv"}, {"/text", "id\n1\n"}});
  weir_error error = weir::testing::no_error();
  void* self = nullptr;
  must(table.create(surroundings.context(), &self, &error) == WEIR_OK, error.message);

  const weir_input* input = nullptr;
  must(table.open_read(self, weir_text("b.csv"), {}, &input, &error) == WEIR_NOT_FOUND,
       "expected another name not to be found");
  must(table.open_read(self, weir_text("a.csv"), {}, &input, &error) == WEIR_OK, error.message);
  std::string bytes;
  for (std::int32_t outcome = WEIR_READ_MORE; outcome == WEIR_READ_MORE;) {
    std::uint8_t buffer[2];
    std::uint64_t got = 0;
    must(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &error) == WEIR_OK, error.message);
    bytes.append(reinterpret_cast<const char*>(buffer), got);
  }
  input->close(input);
  must(bytes == "id\n1\n", "expected the text, found " + bytes);
  table.destroy(self);
}
