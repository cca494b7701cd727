// Cases of the rows that go into a plugin: of every type and size, cut in any way.
#include "arrow/random_array.hpp"
#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

// What a life with unusual rows must not come to, whether they are taken or refused.
Step nothing_wrong(const Session& session, const std::string& with) {
  for (const char* const rule :
       {"status-known", "error-says-what", "nothing-thrown", "schema-right", "outputs-told", "rows-fit-schema",
        "rows-valid", "origins-in-hand", "selects-in-hand", "rejects-in-hand", "rows-balance", "lent-rows-unwritten"}) {
    if (const std::string* text = session.observed(rule)) return fail(with + ": " + *text);
  }
  return {};
}

Step tried_with(Subject& subject, Knobs knobs, const std::string& with) {
  Session session(subject, std::move(knobs));
  static_cast<void>(session.live());
  return nothing_wrong(session, with);
}

// The sample's columns, each as it is or as `change` makes it, and `more`.
base::Result<weir::Schema> columns_with(Subject& subject,
                                        const std::function<weir::Schema(const ArrowSchema& field)>& change,
                                        std::vector<weir::Schema> more) {
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  std::vector<weir::Schema> fields;
  for (std::int64_t i = 0; i < sample->columns->n_children; ++i)
    fields.push_back(change(*sample->columns->children[i]));
  for (auto& field : more) fields.push_back(std::move(field));
  return weir::Schema::rows(std::move(fields));
}

Step every_type(Subject& subject) {
  std::vector<weir::Schema> more;
  const weir::Schema all = arrow::every_type();
  for (std::int64_t i = 0; i < all->n_children; ++i) more.push_back(weir::Schema::copy_of(*all->children[i]));
  WEIR_TRY_ASSIGN(
      const weir::Schema columns,
      columns_with(subject, [](const ArrowSchema& field) { return weir::Schema::copy_of(field); }, std::move(more)));
  for (const bool random : {false, true}) {
    Knobs knobs;
    knobs.columns = &columns.get();
    if (random) {
      constexpr std::uint32_t kSeed = 20;
      knobs.rows = [made = std::make_shared<arrow::RandomArrays>(kSeed)](const ArrowSchema& schema, std::int64_t,
                                                                         std::int64_t count) {
        return made->of(schema, count, false);
      };
    }
    WEIR_TRY(tried_with(subject, std::move(knobs), random ? "random rows of every type" : "rows of every type"));
  }
  return {};
}

// Each column of the sample in turn is of each other type.
Step wrong_types(Subject& subject) {
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  for (std::int64_t changed = 0; changed < sample->columns->n_children; ++changed) {
    for (const char* const format : arrow::kEveryFlatFormat) {
      std::int64_t number = 0;
      WEIR_TRY_ASSIGN(const weir::Schema columns, columns_with(subject,
                                                               [&](const ArrowSchema& field) {
                                                                 return number++ == changed
                                                                            ? weir::Schema::field(format, field.name)
                                                                            : weir::Schema::copy_of(field);
                                                               },
                                                               {}));
      Knobs knobs;
      knobs.columns = &columns.get();
      WEIR_TRY(tried_with(subject, std::move(knobs),
                          std::string("column '") + sample->columns->children[changed]->name + "' of type " + format));
    }
  }
  return {};
}

Step wrong_columns(Subject& subject) {
  const weir::Schema none = weir::Schema::rows({});
  std::vector<weir::Schema> fields;
  constexpr int kMany = 2000;
  for (int i = 0; i < kMany; ++i) fields.push_back(weir::Schema::field("l", "column " + std::to_string(i)));
  const weir::Schema many = weir::Schema::rows(std::move(fields));
  fields.clear();
  fields.push_back(weir::Schema::field("u", std::string(1000, 'n')));
  fields.push_back(weir::Schema::field("u", "\"; drop table x; --\n\\"));
  const weir::Schema odd = weir::Schema::rows(std::move(fields));
  for (const auto& [schema, what] :
       {std::pair(&none, "no column"), std::pair(&many, "2000 columns"), std::pair(&odd, "odd names")}) {
    Knobs knobs;
    knobs.columns = &schema->get();
    knobs.batches = {3, 0, 2};
    WEIR_TRY(tried_with(subject, std::move(knobs), what));
  }
  return {};
}

// An instance of another schema in between changes nothing.
Step changing_schemas(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto before, rows_of_life(subject));
  WEIR_TRY(wrong_columns(subject));
  WEIR_TRY_ASSIGN(const auto after, rows_of_life(subject));
  return same_rows(before, after, "after rows of another schema it passed on other rows");
}

Step with_style(Subject& subject, RowStyle style, std::vector<std::int64_t> batches) {
  Knobs knobs;
  knobs.batches = std::move(batches);
  knobs.rows = [style](const ArrowSchema& columns, std::int64_t first, std::int64_t count) {
    return sample_rows(columns, first, count, style);
  };
  return tried_with(subject, std::move(knobs), style.text_bytes > 0 ? "texts of 4 MiB" : "columns of nulls");
}

Step nulls(Subject& subject) { return with_style(subject, {Nulls::all, 0}, {17, 3}); }
Step huge_values(Subject& subject) { return with_style(subject, {Nulls::some, 4U << 20U}, {1, 2}); }

Step cut_otherwise(Subject& subject, std::vector<std::int64_t> batches, const std::string& what) {
  WEIR_TRY_ASSIGN(const auto before, rows_of_life(subject));
  Knobs knobs;
  knobs.batches = std::move(batches);
  WEIR_TRY_ASSIGN(const auto after, rows_of_life(subject, std::move(knobs)));
  return same_rows(before, after, what);
}

Step empty_batches(Subject& subject) {
  return cut_otherwise(subject, {0, 40, 0, 0, 1, 60, 0}, "with empty batches in between it passed on other rows");
}

Step any_batches(Subject& subject) {
  WEIR_TRY(cut_otherwise(subject, {101}, "of one batch it passed on other rows than of three"));
  return cut_otherwise(subject, std::vector<std::int64_t>(101, 1), "of batches of one row it passed on other rows");
}

Step no_rows(Subject& subject) {
  WEIR_TRY(rows_of_life(subject));
  for (const auto& batches : {std::vector<std::int64_t>{}, std::vector<std::int64_t>{0}}) {
    Knobs knobs;
    knobs.batches = batches;
    Session session(subject, std::move(knobs));
    const Step lived = session.live();
    if (!lived) return fail("without a row: " + lived.error().message);
    WEIR_TRY(nothing_wrong(session, "without a row"));
  }
  return {};
}

Step slices(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto whole, rows_of_life(subject));
  Knobs knobs;
  knobs.sliced = true;
  WEIR_TRY_ASSIGN(const auto sliced, rows_of_life(subject, std::move(knobs)));
  return same_rows(whole, sliced, "of windows of longer arrays it passed on other rows");
}

constexpr std::string_view kTypes = "arrays of these types cross";
constexpr std::string_view kBatch = "Rows together, at most 2^31 - 1 of them.";

constexpr Case kDataCases[] = {
    {"data", "every-type", "Rows of every type that crosses, null or not, are worked with or refused.", kTakesRows,
     every_type, "refuse in create() or open(), with INVALID_ARGUMENT and the column's name, what you can't take",
     kTypes},
    {"data", "wrong-types", "A column of another type than it is made for is worked with or refused.", kTakesRows,
     wrong_types, "look at the column's format when the instance is made, not at its name alone", kTypes},
    {"data", "wrong-columns", "No column, two thousand, or odd names are worked with or refused.", kTakesRows,
     wrong_columns, "look whether the columns are there when the instance is made; bound what you keep of names",
     "Makes an instance for rows of inputs[0]"},
    {"data", "changing-schemas", "Instances for other schemas in between change nothing.", kTakesRows, changing_schemas,
     "keep what you found out about a schema in the instance", "An instance is made for one schema an input."},
    {"data", "nulls", "Columns of nulls alone are worked with or refused.", kTakesRows, nulls,
     "look at the validity bits before the value", "null, bool, (u)int8..64,"},
    {"data", "huge-values", "Texts of 4 MiB are worked with or refused.", kTakesRows, huge_values,
     "let no buffer have a fixed size that a value could exceed", kBatch},
    {"data", "no-rows", "A run without a row is a run like any other.", kTakesRows, no_rows,
     "make what is made for a batch also when none comes", "also if nothing was written"},
    {"data", "empty-batches", "Batches without rows change nothing.", kTakesRows, empty_batches,
     "let a loop over rows run no time at all", kBatch},
    {"data", "any-batches", "The same rows come of one batch, of three, or of one for each row.", kTakesRows,
     any_batches, "let nothing depend on where a batch begins", "Rows together, at most 2^31 - 1 of them."},
    {"data", "slices", "Batches that are windows of longer arrays give the same rows.", kTakesRows, slices,
     "add the array's offset to every index: of values, of validity bits, of offsets",
     "The Arrow C Data Interface, as published"},
};

}  // namespace

std::span<const Case> data_cases() { return kDataCases; }

}  // namespace weir::conformance
