// Every message about rows and their schemas, in golden/messages.txt.
#include <array>
#include <cstring>
#include <functional>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "arrow/gather.hpp"
#include "arrow/random_array.hpp"
#include "arrow/schema.hpp"
#include "arrow/validate.hpp"

namespace weir::arrow {
namespace {

using test::Golden;

weir::Schema list_of(weir::Schema item, const char* format = "+l") {
  std::vector<weir::Schema> items;
  items.push_back(std::move(item));
  return weir::Schema::field(format, "x", true, {}, std::move(items));
}

// Rows of one column 'x', of which every part can be spoiled; all of it lives in this object.
struct Rows {
  explicit Rows(const char* format, std::int64_t length = 2) : Rows(weir::Schema::field(format, "x"), length) {}
  explicit Rows(weir::Schema field, std::int64_t length = 2) : schema(rows_schema(std::move(field))) {
    for (ArrowArray* array : {&rows, &column, &items}) {
      array->length = length;
      array->release = [](ArrowArray* raw) { raw->release = nullptr; };
    }
    rows.n_buffers = 1;
    rows.buffers = none.data();
    rows.n_children = 1;
    rows.children = columns.data();
    column.n_buffers = 2;
    column.buffers = buffers.data();
    column.children = children.data();
    items.n_buffers = 2;
    items.buffers = item_buffers.data();
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  base::Error shape() const {
    const auto checked = check_shape(rows, schema.get());
    return checked ? base::Error{} : checked.error();
  }
  base::Error full() const {
    REQUIRE(check_shape(rows, schema.get()).has_value());
    const auto checked = check_full(rows, schema.get());
    return checked ? base::Error{} : checked.error();
  }

  weir::Schema schema;
  std::array<std::int64_t, 64> space{};
  std::array<std::int64_t, 2> sizes{};
  std::array<const void*, 1> none{};
  std::array<const void*, 4> buffers{nullptr, space.data(), space.data(), nullptr};
  std::array<const void*, 2> item_buffers{nullptr, space.data()};
  ArrowArray rows{}, column{}, items{};
  std::array<ArrowArray*, 1> columns{&column}, children{&items};
};

// A column of views of which the first is as given: length, what it begins with, buffer, offset.
struct Views : Rows {
  Views(std::array<std::int32_t, 4> first, const char* data_bytes) : Rows("vu", 1) {
    std::memcpy(space.data(), first.data(), sizeof first);
    column.n_buffers = 4;
    sizes[0] = static_cast<std::int64_t>(std::strlen(data_bytes));
    buffers = {nullptr, space.data(), data_bytes, sizes.data()};
  }
};

std::int32_t letters(const char* four) {
  std::int32_t number = 0;
  std::memcpy(&number, four, 4);
  return number;
}

void tell_schemas(Golden& told) {
  const auto schema = [&](const char* title, const weir::Schema& one) {
    told.tell_failure(title, check_rows_schema(one.get()));
  };
  const auto spoiled = [&](const char* title, const std::function<void(ArrowSchema&)>& spoil,
                           const char* format = "l") {
    weir::Schema made = rows_schema(weir::Schema::field(format, "x"));
    const ArrowSchema kept = *made.get().children[0];
    spoil(*made.get().children[0]);
    told.tell_failure(title, check_rows_schema(made.get()));
    *made.get().children[0] = kept;
  };
  schema("schema: released", weir::Schema());
  schema("schema: no rows", weir::Schema::field("l", "x"));
  schema("schema: an unknown type", rows_schema(weir::Schema::field("q", "x")));
  schema("schema: a list of nothing", rows_schema(weir::Schema::field("+l", "x")));
  schema("schema: a name in another encoding", rows_schema(weir::Schema::field("l", "\xFF")));
  schema("schema: a name too long", rows_schema(weir::Schema::field("l", std::string(70'000, 'x'))));
  schema("schema: a map of numbers", rows_schema(list_of(weir::Schema::field("l", "item"), "+m")));
  weir::Schema deep = weir::Schema::field("l", "x");
  for (int i = 0; i < 80; ++i) deep = list_of(std::move(deep));
  schema("schema: too deep", rows_schema(std::move(deep)));
  std::vector<weir::Schema> twice;
  for (int i = 0; i < 2; ++i) twice.push_back(weir::Schema::field("l", "a"));
  schema("schema: a column twice", weir::Schema::rows(std::move(twice)));
  spoiled("schema: no format", [](ArrowSchema& field) { field.format = nullptr; });
  spoiled("schema: no name", [](ArrowSchema& field) { field.name = nullptr; });
  spoiled("schema: a released column", [](ArrowSchema& field) { field.release = nullptr; });
  spoiled(
      "schema: children nowhere",
      [](ArrowSchema& field) {
        field.n_children = 1;
        field.children = nullptr;
      },
      "+s");
  spoiled("schema: too many children", [](ArrowSchema& field) { field.n_children = -1; }, "+s");
  const std::int32_t pairs = -2, lengths[] = {1, -2};
  spoiled("schema: a count of metadata",
          [&](ArrowSchema& field) { field.metadata = reinterpret_cast<const char*>(&pairs); });
  spoiled("schema: a length of metadata",
          [&](ArrowSchema& field) { field.metadata = reinterpret_cast<const char*>(lengths); });
  weir::Schema values = weir::Schema::field("u", "values");
  spoiled(
      "schema: indices that are no integers", [&](ArrowSchema& field) { field.dictionary = values.address(); }, "g");
  values.address()->dictionary = values.address();
  spoiled("schema: a dictionary of dictionaries", [&](ArrowSchema& field) { field.dictionary = values.address(); });
  values.address()->dictionary = nullptr;
}

void tell_shapes(Golden& told) {
  const auto shape = [&](const char* title, const char* format, const std::function<void(Rows&)>& spoil) {
    Rows made(format);
    spoil(made);
    told.tell_error(title, made.shape());
  };
  shape("shape: released", "l", [](Rows& r) { r.rows.release = nullptr; });
  shape("shape: a length", "l", [](Rows& r) { r.column.length = -1; });
  shape("shape: an offset", "l", [](Rows& r) { r.column.offset = -8; });
  shape("shape: too many nulls", "l", [](Rows& r) { r.column.null_count = 3; });
  shape("shape: another count of buffers", "l", [](Rows& r) { r.column.n_buffers = 3; });
  shape("shape: buffers nowhere", "l", [](Rows& r) { r.column.buffers = nullptr; });
  shape("shape: no values", "l", [](Rows& r) { r.buffers[1] = nullptr; });
  shape("shape: nulls without validity", "l", [](Rows& r) { r.column.null_count = 1; });
  shape("shape: another count of children", "l", [](Rows& r) { r.rows.n_children = 0; });
  shape("shape: children nowhere", "l", [](Rows& r) { r.rows.children = nullptr; });
  shape("shape: a child nowhere", "l", [](Rows& r) { r.columns[0] = nullptr; });
  shape("shape: a dictionary too many", "l", [](Rows& r) { r.column.dictionary = &r.items; });
  shape("shape: a short column", "l", [](Rows& r) { r.column.length = 1; });
  shape("shape: too many rows", "l", [](Rows& r) { r.rows.length = r.column.length = std::int64_t{1} << 31; });
  shape("shape: null rows", "l", [](Rows& r) {
    r.rows.null_count = 1;
    r.none[0] = r.space.data();
  });
  shape("shape: nulls where none may be", "l", [](Rows& r) {
    r.schema.get().children[0]->flags = 0;
    r.column.null_count = 1;
    r.buffers[0] = r.space.data();
  });
  const auto text = [&](const char* title, std::int32_t first, std::int32_t last) {
    Rows made("u", 1);
    const std::int32_t offsets[] = {first, last};
    std::memcpy(made.space.data(), offsets, sizeof offsets);
    made.column.n_buffers = 3;
    made.buffers[2] = nullptr;
    told.tell_error(title, made.shape());
  };
  text("shape: a negative offset", -4, 0);
  text("shape: offsets that descend", 4, 2);
  text("shape: texts nowhere", 0, 2);
  Rows list(list_of(weir::Schema::field("l", "item")), 1);
  list.column.n_children = 1;
  const std::int32_t beyond[] = {0, 5};
  std::memcpy(list.space.data(), beyond, sizeof beyond);
  told.tell_error("shape: a list beyond its items", list.shape());
  Rows wide(list_of(weir::Schema::field("l", "item"), "+w:1000"), 1);
  wide.column.n_children = 1;
  wide.column.n_buffers = 1;
  wide.column.length = std::int64_t{1} << 47;
  told.tell_error("shape: lists too large", wide.shape());
  Views views({1, 0, 0, 0}, "data");
  views.sizes[0] = -1;
  told.tell_error("shape: a size of view data", views.shape());
  views.sizes[0] = 4;
  views.buffers[2] = nullptr;
  told.tell_error("shape: view data nowhere", views.shape());
  views.buffers[3] = nullptr;
  told.tell_error("shape: sizes of view data nowhere", views.shape());
  Rows indices("i");
  weir::Schema values = weir::Schema::field("u", "values");
  indices.schema.get().children[0]->dictionary = values.address();
  told.tell_error("shape: no dictionary", indices.shape());
  indices.schema.get().children[0]->dictionary = nullptr;
}

void tell_values(Golden& told) {
  const auto text = [&](const char* title, std::array<std::int32_t, 3> offsets, const char* bytes) {
    Rows made("u");
    std::memcpy(made.space.data(), offsets.data(), sizeof offsets);
    made.column.n_buffers = 3;
    made.buffers[2] = bytes;
    told.tell_error(title, made.full());
  };
  text("values: offsets that descend", {0, 3, 2}, "abc");
  text("values: another encoding", {0, 1, 2}, "a\xFF");
  const auto view = [&](const char* title, std::array<std::int32_t, 4> first) {
    const Views made(first, "a text that is long");
    told.tell_error(title, made.full());
  };
  view("values: a view of less than nothing", {-1, 0, 0, 0});
  view("values: a view into no buffer", {19, letters("a te"), 7, 0});
  view("values: a view beyond its buffer", {19, letters("a te"), 0, 5});
  view("values: a view that begins otherwise", {19, letters("b te"), 0, 0});
  view("values: a view in another encoding", {2, letters("\xFF\xFF  "), 0, 0});
  Rows price("d:3,1", 1);
  price.space[0] = 1000;
  told.tell_error("values: too many digits", price.full());
  Rows nulls("l");
  nulls.buffers[0] = nulls.space.data();
  told.tell_error("values: another count of nulls", nulls.full());
  nulls.column.null_count = -1;
  nulls.schema.get().children[0]->flags = 0;
  told.tell_error("values: a null where none may be", nulls.full());
  Rows indices("i");
  weir::Schema values = weir::Schema::field("l", "values");
  indices.schema.get().children[0]->dictionary = values.address();
  indices.column.dictionary = &indices.items;
  indices.space[0] = 7;
  told.tell_error("values: an index beyond the dictionary", indices.full());
  indices.schema.get().children[0]->dictionary = nullptr;
}

void tell_gathered(Golden& told) {
  const std::uint32_t every_other[] = {0, 2};
  const auto text = [&](const char* title, std::array<std::int32_t, 4> offsets,
                        std::span<const std::uint32_t> selected) {
    Rows made("u", 3);
    std::memcpy(made.space.data(), offsets.data(), sizeof offsets);
    made.column.n_buffers = 3;
    told.tell_failure(title, gather(made.rows, made.schema.get(), selected));
  };
  text("gathered: offsets that descend", {0, 9, 3, 4}, every_other);
  const std::vector<std::uint32_t> often(3, 0);
  text("gathered: a text column of 3 GiB", {0, 1 << 30, 1 << 30, 1 << 30}, often);
  Rows list(list_of(weir::Schema::field("l", "item")), 3);
  list.column.n_children = 1;
  list.items.length = std::int64_t{1} << 33;
  const std::int32_t offsets[] = {0, 1, 2, 3};
  std::memcpy(list.space.data(), offsets, sizeof offsets);
  told.tell_failure("gathered: too many items", gather(list.rows, list.schema.get(), every_other));
  const Views views({19, letters("a te"), 0, 5}, "a text that is long");
  const std::uint32_t first[] = {0};
  told.tell_failure("gathered: a view beyond its buffer", gather(views.rows, views.schema.get(), first));
}

}  // namespace

TEST_CASE("whatever is wrong with rows is told as the golden file says") {
  Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  told.hide("\xFF", "\\xff");
  tell_schemas(told);
  tell_shapes(told);
  tell_values(told);
  tell_gathered(told);
  told.end();
}

TEST_CASE("files that don't agree are told as the golden file says") {
  Golden told(std::filesystem::path(WEIR_GOLDEN) / "agree.txt");
  const auto agreed = [&](const char* title, weir::Schema a, weir::Schema b) {
    const weir::Schema first = rows_schema(std::move(a)), second = rows_schema(std::move(b));
    const NamedSchema files[] = {{"a.csv", &first.get()}, {"b.csv", &second.get()}};
    told.tell_failure(title, agree(files));
  };
  agreed("another column", weir::Schema::field("l", "x"), weir::Schema::field("l", "y"));
  agreed("nested and plain", list_of(weir::Schema::field("l", "item")), weir::Schema::field("l", "x"));
  told.end();
}

}  // namespace weir::arrow
