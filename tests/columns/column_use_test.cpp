// What is read of each port, and that a run gives the same rows whether columns are left out or not.
#include "run/column_use.hpp"

#include <algorithm>
#include <deque>
#include <random>

#include <weir_catch.hpp>

#include <weir/cpp/passing.hpp>
#include <weir/weir.hpp>

#include "arrow/json.hpp"
#include "run/execution.hpp"
#include "run/fake_plan.hpp"
#include "run/lineage.hpp"

namespace weir::run {
namespace {

using arrow::Columns;
using Names = std::vector<std::string>;

weir::Schema schema_of(const Names& names) {
  std::vector<weir::Schema> fields;
  for (const auto& name : names) fields.push_back(weir::Schema::field("l", name));
  return weir::Schema::rows(std::move(fields));
}

std::int64_t number_of(const ArrowSchema& rows, std::string_view name) {
  const std::int64_t number = column_index(rows, name);
  if (number < 0) throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "no column " + std::string(name));
  return number;
}

std::vector<std::uint32_t> live_rows(weir::Batch& batch) {
  const auto& raw = *batch.raw();
  if (raw.selected != nullptr) return {raw.selected, raw.selected + raw.selected_count};
  std::vector<std::uint32_t> rows;
  for (std::int64_t row = 0; row < batch.length(); ++row) rows.push_back(static_cast<std::uint32_t>(row));
  return rows;
}

void pass(const Next& next, const std::vector<std::uint32_t>& rows, std::uint64_t output = 0) {
  if (!rows.empty()) next.select(rows.data(), rows.size(), output);
}

// Passes rows by whether `column` is even, to two outputs if there is `two`. A column that is null was never read.
class Even : public Transformer {
 public:
  Even(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(weir::Schema::copy_of(inputs[0])),
        column_(number_of(inputs[0], context.config().text("/column"))),
        two_(context.config().has("/two")) {
    outputs.same(inputs[0], two_ ? "even" : "");
    if (two_) outputs.same(inputs[0], "odd");
  }
  static void traits(const Config& config, weir_traits& traits) { traits.takes_selection = config.has("/selection"); }
  void process(std::uint64_t, weir::Batch& batch, const Next& next) override {
    const NumberColumn<std::int64_t> column(batch.column(column_), batch.outer());
    std::vector<std::uint32_t> rows[2];
    for (const std::uint32_t row : live_rows(batch)) rows[column.valid(row) ? column[row] & 1 : 1].push_back(row);
    pass(next, rows[0]);
    if (two_) return pass(next, rows[1], 1);
    if (!rows[1].empty()) next.drop(rows[1].size(), "odd");
  }
  void reads(std::uint64_t, const Sink& names) const { names.put(input_->children[column_]->name); }

 private:
  weir::Schema input_;
  std::int64_t column_;
  bool two_;
};

// Gives the columns of `keep` under the names of `as`, and `sum`, if there is one: of the first two columns that `of` names.
class Keep : public Transformer {
 public:
  Keep(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(weir::Schema::copy_of(inputs[0])) {
    const Config config = context.config();
    Names names;
    for (std::uint64_t i = 0; i < config.count("/keep"); ++i) {
      columns_.push_back(number_of(inputs[0], config.text("/keep/" + std::to_string(i))));
      names.emplace_back(config.text("/as/" + std::to_string(i)));
    }
    for (std::uint64_t i = 0; i < config.count("/of"); ++i)
      of_.push_back(number_of(inputs[0], config.text("/of/" + std::to_string(i))));
    if (!of_.empty()) names.emplace_back("sum");
    output_ = schema_of(names);
    outputs.put(weir::Schema::copy_of(output_.get()));
  }
  static void traits(const Config& config, weir_traits& traits) {
    traits.keeps_rows = 1;
    traits.takes_selection = config.has("/selection");
  }
  void process(std::uint64_t, weir::Batch& batch, const Next& next) override {
    std::vector<weir::Array> out;
    const std::int64_t length = batch.length();
    if (!of_.empty()) {
      NumberBuilder<std::int64_t> sums;
      const NumberColumn<std::int64_t> one(batch.column(of_[0]), batch.outer()),
          other(batch.column(of_[1]), batch.outer());
      for (std::int64_t row = 0; row < length; ++row)
        sums.append(one.valid(row) && other.valid(row) ? one[row] + other[row] : -1);
      out.push_back(sums.finish());
    }
    weir::Array rows = batch.take();
    std::vector<weir::Array> kept;
    for (const std::int64_t column : columns_) kept.push_back(take_column(rows, column));
    for (auto& sum : out) kept.push_back(std::move(sum));
    next.push(rows_of(length, std::move(kept)));
  }
  void reads(std::uint64_t, const Sink& names) const {
    for (const std::int64_t column : of_) names.put(input_->children[column]->name);
  }
  void lineage(std::uint64_t, std::string_view column, std::uint64_t, const Sink& names) const {
    if (column == "sum") return reads(0, names);
    names.put(input_->children[columns_[static_cast<std::size_t>(column_index(output_.get(), column))]]->name);
  }

 private:
  weir::Schema input_, output_;
  std::vector<std::int64_t> columns_, of_;
};

// Rows of six columns, in pieces. Reads what it is asked for only, if it can.
class WideSource final : public pipeline::Source {
 public:
  WideSource(std::vector<std::int64_t> pieces, bool narrows) : pieces_(std::move(pieces)), narrows_(narrows) {
    schemas_.push_back(schema_of({"c0", "c1", "c2", "c3", "c4", "c5"}));
    splits_.push_back({"all", -1, -1});
  }
  base::Result<void> plan() override { return {}; }
  base::Result<void> keep_to(const ArrowSchema& /*agreed*/) override { return {}; }
  void narrow(const std::shared_ptr<const pipeline::Narrowing>& narrowing) override {
    if (narrows_) narrowing_ = narrowing;
  }
  const pipeline::Narrowing* narrowing() const override { return narrowing_.get(); }
  std::int32_t replay() const override { return WEIR_REPLAY_NONE; }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override { return {}; }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t, std::string_view) override {
    return std::unique_ptr<pipeline::SplitReader>(std::make_unique<Reader>(*this));
  }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return name_; }
  std::uint64_t piece_bytes() const override { return 100; }
  std::uint64_t bytes_read() const override { return 0; }

  // All that readers pushed. Read it when they are done.
  std::atomic<std::uint64_t> values{0};

 private:
  class Reader final : public pipeline::SplitReader {
   public:
    explicit Reader(WideSource& source) : source_(source) {}
    base::Result<pipeline::Piece> read(pipeline::Outlet& outlet, const pipeline::Deliver& deliver) override {
      pipeline::Piece piece;
      piece.from = std::make_shared<pipeline::Provenance>();
      piece.got = next_ < source_.pieces_.size();
      if (piece.got) WEIR_TRY(source_.push(next_, piece, outlet, deliver));
      piece.last = ++next_ >= source_.pieces_.size();
      return piece;
    }
    base::Result<void> parse(const pipeline::Piece&, pipeline::Outlet&, const pipeline::Deliver&) override {
      return {};
    }
    bool apart() const override { return false; }
    void cancel() override {}

   private:
    WideSource& source_;
    std::size_t next_ = 0;
  };

  base::Result<void> push(std::size_t number, const pipeline::Piece& piece, pipeline::Outlet& outlet,
                          const pipeline::Deliver& deliver) {
    std::vector<weir::Array> columns;
    std::mt19937 random(static_cast<std::uint32_t>(number));
    for (std::size_t i = 0; i < 6; ++i) {
      NumberBuilder<std::int64_t> column;
      for (std::int64_t row = 0; row < pieces_[number]; ++row)
        column.append(static_cast<std::int64_t>(random() % 1000));
      weir::Array made = column.finish();
      if (narrowing_ != nullptr && narrowing_->leaves_out(i)) continue;
      values += static_cast<std::uint64_t>(pieces_[number]);
      columns.push_back(std::move(made));
    }
    outlet.begin(piece.from, &deliver);
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows_of(pieces_[number], std::move(columns)).release();
    static_cast<weir_next&>(outlet).push(&outlet, 0, &batch);
    if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
    return {};
  }

  std::vector<std::int64_t> pieces_;
  bool narrows_;
  std::shared_ptr<const pipeline::Narrowing> narrowing_;
  std::string name_ = "wide";
  std::vector<pipeline::SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
};

// A tree of such links over such sources, and the rows that came to each end, as JSON.
struct Trial {
  Plan plan;
  std::deque<fake::Loaded> loaded;
  std::deque<Names> rows;
  std::vector<WideSource*> sources;

  template <class T>
  Port add(Port from, nlohmann::ordered_json options, bool tells = true) {
    PlannedLink link;
    auto component = fake::fakes::component(WEIR_KIND_TRANSFORMER, &detail::kTransformer<T>,
                                            "link-" + std::to_string(plan.links.size()),
                                            tells ? detail::reads_extension<T> : nullptr);
    component->config = std::make_unique<plugins::ConfigHandle>(std::move(options));
    link.component = std::move(component);
    link.from = from;
    std::atomic<std::uint64_t> sequence{0};
    auto traits = pipeline::transformer_traits(*link.component);
    REQUIRE(traits);
    link.traits = *traits;
    const auto instance =
        pipeline::TransformLink::create(link.component, plan.identity, plan.schema(from), &sequence, nullptr);
    if (!instance) FAIL(instance.error().message);
    for (const auto& output : (*instance)->outputs()) link.outputs.push_back(weir::Schema::copy_of(output.get()));
    auto columns = (*instance)->columns();
    if (!columns) FAIL(columns.error().message);
    link.columns = std::move(*columns);
    plan.links.push_back(std::move(link));
    return {plan.links.size() - 1, 0};
  }
  void source(std::vector<std::int64_t> pieces, bool narrows) {
    auto made = std::make_unique<WideSource>(std::move(pieces), narrows);
    sources.push_back(made.get());
    plan.sources.push_back(std::move(made));
  }
  void end(Port from) {
    plan.loads.push_back(std::make_unique<fake::Load>(loaded.emplace_back(), true, false));
    plan.ends.push_back({{plan.loads.size() - 1, 0}, from});
    Names& kept = rows.emplace_back();
    loaded.back().on_write = [this, from, &kept](const pipeline::Batch& batch) -> base::Result<void> {
      pipeline::Batch plain = batch;
      WEIR_TRY(pipeline::materialize(plain, plan.schema(from)));
      for (std::int64_t row = 0; row < plain.rows.length(); ++row)
        arrow::append_row_as_json(kept.emplace_back(), plain.rows.get(), plan.schema(from), row);
      return {};
    };
  }
  void run() {
    plan.settings.chains = 2;
    plan.settings.validate_full = true;
    Execution execution(plan);
    REQUIRE(execution.open());
    const auto done = execution.flow();
    if (!done) FAIL(done.error().message);
    REQUIRE(execution.cut(1, true));
    REQUIRE(execution.ledger().balance());
    for (auto& kept : rows) std::sort(kept.begin(), kept.end());
  }
};

class Growing {
 public:
  Growing(Trial& trial, std::uint32_t seed) : trial_(trial), random_(seed) {}

  void grow(Port from, int depth) {
    switch (depth == 0 ? 0 : below(6)) {
      case 0: {
        for (auto loads = 1 + below(2); loads > 0; --loads) trial_.end(from);
        return;
      }
      case 1:
      case 2: return grow(trial_.add<Even>(from, with({{"column", any(from)}}), below(6) > 0), depth - 1);
      case 3: {
        const Port two = trial_.add<Even>(from, with({{"column", any(from)}, {"two", true}}), below(6) > 0);
        grow(two, depth - 1);
        return grow({two.link, 1}, depth - 1);
      }
      default: return grow(trial_.add<Keep>(from, with(kept(from)), below(6) > 0), depth - 1);
    }
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::string any(Port from) {
    const ArrowSchema& schema = trial_.plan.schema(from);
    return schema.children[below(static_cast<std::uint32_t>(schema.n_children))]->name;
  }
  nlohmann::ordered_json with(nlohmann::ordered_json options) {
    if (below(2) == 0) options["selection"] = true;
    return options;
  }
  nlohmann::ordered_json kept(Port from) {
    nlohmann::ordered_json options{{"keep", nlohmann::ordered_json::array()}, {"as", nlohmann::ordered_json::array()}};
    const ArrowSchema& schema = trial_.plan.schema(from);
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const std::string name = schema.children[i]->name;
      if (name == "sum" || (below(2) == 0 && (i > 0 || schema.n_children < 2))) continue;
      options["keep"].push_back(name);
      options["as"].push_back(below(3) == 0 ? name + "r" : name);
    }
    if (options["keep"].empty() || below(3) == 0) options["of"] = {any(from), any(from)};
    return options;
  }

  Trial& trial_;
  std::mt19937 random_;
};

std::unique_ptr<Trial> random_trial(std::uint32_t seed, bool narrows) {
  auto trial = std::make_unique<Trial>();
  std::mt19937 random(seed);
  for (auto sources = 1 + random() % 2; sources > 0; --sources) {
    std::vector<std::int64_t> pieces(random() % 4);
    for (auto& rows : pieces) rows = static_cast<std::int64_t>(random() % 90);
    const bool can = sources == 1 || random() % 2 == 0;
    trial->source(pieces, narrows && can);
  }
  Growing(*trial, seed).grow({}, 4);
  return trial;
}

std::uint64_t values_of(const Trial& trial) {
  std::uint64_t values = 0;
  for (const auto* source : trial.sources) values += source->values;
  return values;
}

Columns columns(std::initializer_list<bool> read) { return read; }

}  // namespace

TEST_CASE("a column is read if a link tells so, or if what is made of it is") {
  Trial trial;
  trial.source({}, true);
  const Port even = trial.add<Even>({}, {{"column", "c4"}});
  const Port kept = trial.add<Keep>(even, {{"keep", {"c1", "c2"}}, {"as", {"x", "y"}}, {"of", {"c0", "c0"}}});
  trial.end(trial.add<Keep>(kept, {{"keep", {"y"}}, {"as", {"z"}}}));
  const ColumnUse use = column_use(trial.plan);
  CHECK(use.source == columns({true, false, true, false, true, false}));
  CHECK(use.links[0][0] == columns({true, false, true, false, false, false}));  // what c4 decided is decided
  CHECK(use.links[1][0] == columns({false, true, false}));                      // the sum is computed, whoever reads it
  CHECK(use.links[2][0] == columns({true}));
}

TEST_CASE("branches read what any of them reads") {
  Trial trial;
  trial.source({}, true);
  const Port two = trial.add<Even>({}, {{"column", "c0"}, {"two", true}});
  trial.end(trial.add<Keep>(two, {{"keep", {"c1"}}, {"as", {"c1"}}}));
  trial.end(trial.add<Keep>({two.link, 1}, {{"keep", {"c5"}}, {"as", {"c5"}}}));
  const ColumnUse use = column_use(trial.plan);
  CHECK(use.source == columns({true, true, false, false, false, true}));
  CHECK(use.links[0][0] == columns({false, true, false, false, false, false}));
}

TEST_CASE("all columns are read by a load, by a link that tells nothing, and where rejects are kept") {
  Trial trial;
  trial.source({}, true);
  const Columns all(6, true);
  SECTION("a load") { trial.end({}); }
  SECTION("a link that tells nothing") { trial.end(trial.add<Keep>({}, {{"keep", {"c1"}}, {"as", {"c1"}}}, false)); }
  SECTION("rejects") {
    trial.end(trial.add<Keep>({}, {{"keep", {"c1"}}, {"as", {"c1"}}}));
    trial.plan.reject = LoadInput{};
  }
  CHECK(column_use(trial.plan).source == all);
}

TEST_CASE("a run gives the same rows whether columns are left out or not, and reads less") {
  std::uint64_t read = 0, all = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const auto wide = random_trial(seed, false), narrow = random_trial(seed, true);
    wide->run();
    leave_out_unread(narrow->plan);
    narrow->run();
    REQUIRE((narrow->rows == wide->rows));
    read += values_of(*narrow);
    all += values_of(*wide);
  }
  CHECK(read < all * 9 / 10);
}

TEST_CASE("a load's columns come from those that links tell, or from all that a link gets that does not tell") {
  Trial trial;
  trial.source({}, true);
  const Port kept = trial.add<Keep>({}, {{"keep", {"c1", "c2"}}, {"as", {"x", "c2"}}, {"of", {"c4", "c0"}}});
  trial.end(trial.add<Even>(kept, {{"column", "x"}}));
  trial.end(trial.add<Keep>(kept, {{"keep", {"x"}}, {"as", {"x"}}}, false));
  const auto loads = lineage(trial.plan);
  REQUIRE(loads.size() == 2);
  const auto& told = loads[0].columns;
  CHECK(told[0].from == Names{"c1"});
  CHECK(told[0].made_by == Names{"link-0"});
  CHECK(told[0].untold_by.empty());
  CHECK(told[1].from == Names{"c2"});
  CHECK(told[1].made_by.empty());
  CHECK(told[2].from == Names{"c0", "c4"});
  CHECK(loads[1].columns[0].from == Names{"c0", "c1", "c2", "c4"});
  CHECK(loads[1].columns[0].made_by == Names{"link-0", "link-2"});
  CHECK(loads[1].columns[0].untold_by == Names{"link-2"});
}

}  // namespace weir::run
