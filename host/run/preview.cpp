#include "run/preview.hpp"

#include <algorithm>

#include "arrow/gather.hpp"
#include "base/units.hpp"
#include "pipeline/links/transform.hpp"
#include "run/side_inputs.hpp"

namespace weir::run {
namespace {

constexpr std::uint64_t kMostRowsInVain = 1'000'000;  // read in vain, by a filter that nothing passes
constexpr std::uint64_t kMostBytes = 256ULL << 20U;

class Previewing {
 public:
  Previewing(Plan& plan, const PreviewOptions& options)
      : plan_(plan), options_(options), sequences_(plan.links.size()) {}

  base::Result<Preview> run();

 private:
  base::Result<void> open();
  base::Result<void> read_source(pipeline::Source& source);
  base::Result<void> take(const Port& from, const pipeline::Batch& batch);
  base::Result<void> keep(std::size_t table, const pipeline::Batch& batch);
  base::Result<void> flush();
  base::Result<void> check_link() const;
  bool wanted(const PreviewTable& table) const { return options_.link.empty() || table.link == options_.link; }
  bool enough() const;
  std::size_t table_of(const Port& from) const { return from.link ? first_table_[*from.link] + from.output : 0; }

  Plan& plan_;
  const PreviewOptions& options_;
  Preview preview_;
  std::vector<std::atomic<std::uint64_t>> sequences_;
  std::vector<std::unique_ptr<pipeline::TransformLink>> links_;
  std::vector<std::size_t> first_table_;  // of each link
  bool stopped_ = false;
};

base::Result<void> Previewing::open() {
  const auto add_table = [this](std::string link, std::string component, const Port& from) {
    const bool loaded = std::any_of(plan_.ends.begin(), plan_.ends.end(), [&from](const PlannedEnd& end) {
      return end.from.link == from.link && end.from.output == from.output;
    });
    preview_.tables.push_back(
        {std::move(link), std::move(component), from.output, weir::Schema::copy_of(plan_.schema(from)), {}, 0, loaded});
  };
  const auto& first = *plan_.sources.front();
  const bool several = plan_.sources.size() > 1;
  add_table(several ? "extract" : first.link(), several ? "extract" : first.component(), {});
  const pipeline::TakeReject take_reject = [this](pipeline::Reject reject) -> base::Result<void> {
    ++preview_.rejected;
    if (preview_.rejects.size() < options_.rows) preview_.rejects.push_back(std::move(reject));
    return {};
  };
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    const auto& planned = plan_.links[i];
    first_table_.push_back(preview_.tables.size());
    for (std::uint64_t output = 0; output < planned.outputs.size(); ++output)
      add_table(planned.component->link, planned.component->name, {i, output});
    pipeline::TransformOptions made{plan_.settings.validate_full};
    made.sides = side_schemas(planned);
    WEIR_TRY_ASSIGN(auto link,
                    pipeline::TransformLink::create(planned.component, plan_.identity, plan_.schema(planned.from),
                                                    &sequences_[i], take_reject, std::move(made)));
    WEIR_TRY(feed_sides(plan_, planned, {link.get()}));
    links_.push_back(std::move(link));
  }
  return {};
}

base::Result<void> Previewing::keep(std::size_t table, const pipeline::Batch& batch) {
  PreviewTable& kept = preview_.tables[table];
  if (kept.count >= options_.rows) return {};
  pipeline::Batch plain = batch;
  WEIR_TRY(pipeline::materialize(plain, kept.schema.get()));
  const auto rows =
      std::min<std::uint64_t>(options_.rows - kept.count, static_cast<std::uint64_t>(plain.rows.length()));
  if (rows == 0) return {};
  WEIR_TRY_ASSIGN(auto copied, arrow::copy(plain.rows.get(), kept.schema.get(), 0, static_cast<std::int64_t>(rows)));
  kept.rows.push_back(std::move(copied));
  kept.count += rows;
  return {};
}

// Rows have left by `from`: they are kept for its table, and go on to each link behind.
base::Result<void> Previewing::take(const Port& from, const pipeline::Batch& batch) {
  WEIR_TRY(keep(table_of(from), batch));
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    const Port& source = plan_.links[i].from;
    if (source.link != from.link || source.output != from.output) continue;
    const pipeline::Deliver deliver = [this, i](const pipeline::Batch& out) {
      const std::uint64_t output = out.output;
      return take(Port{i, output}, out);
    };
    WEIR_TRY(links_[i]->process(batch, deliver));
  }
  return {};
}

base::Result<void> Previewing::check_link() const {
  if (std::any_of(preview_.tables.begin(), preview_.tables.end(), [this](const auto& table) { return wanted(table); }))
    return {};
  std::vector<std::string> names;
  for (const auto& table : preview_.tables) names.push_back(table.link);
  const std::string near = base::nearest(options_.link, names);
  std::string listed;
  for (const auto& name : names) listed += (listed.empty() ? "" : ", ") + name;
  return base::unexpected(base::manifest_error("usage.link", "no link '" + options_.link + "' in the pipeline")
                              .with_hint(near.empty() ? "it has " + listed : "did you mean '" + near + "'?"));
}

bool Previewing::enough() const {
  return stopped_ || std::all_of(preview_.tables.begin(), preview_.tables.end(), [this](const PreviewTable& table) {
           return !wanted(table) || table.count >= options_.rows;
         });
}

base::Result<void> Previewing::read_source(pipeline::Source& source) {
  const pipeline::TakeReject take_reject = [this](pipeline::Reject reject) -> base::Result<void> {
    ++preview_.rejected;
    if (preview_.rejects.size() < options_.rows) preview_.rejects.push_back(std::move(reject));
    return {};
  };
  integrity::Account account;
  pipeline::Outlet outlet(pipeline::outlet_setup(source, plan_.settings.validate_full), &account, take_reject);
  const pipeline::Deliver deliver = [this](const pipeline::Batch& batch) {
    preview_.rows_read += batch.live();
    return take(Port{}, batch);
  };
  return read_through(source, outlet, deliver, [&] {
    stopped_ = preview_.rows_read >= kMostRowsInVain || source.bytes_read() >= kMostBytes;
    if (plan_.cancelled != nullptr && *plan_.cancelled) stopped_ = true;
    return enough();
  });
}

// In the order of the links, each behind the one that it gets its rows from.
base::Result<void> Previewing::flush() {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const pipeline::Deliver deliver = [this, i](const pipeline::Batch& out) {
      const std::uint64_t output = out.output;
      return take(Port{i, output}, out);
    };
    auto flushed = links_[i]->flush(WEIR_FLUSH_END, deliver);
    // What a link finds wrong with some first rows together says nothing of all of them.
    const bool of_some = !preview_.whole && !flushed && flushed.error().fault == base::Fault::data;
    if (!of_some) WEIR_TRY(std::move(flushed));
  }
  return {};
}

base::Result<Preview> Previewing::run() {
  WEIR_TRY(open());
  WEIR_TRY(check_link());
  preview_.whole = true;
  for (const auto& source : plan_.sources) {
    if (enough()) preview_.whole = false;
    if (!enough()) WEIR_TRY(read_source(*source));
  }
  if (enough()) preview_.whole = false;
  WEIR_TRY(flush());
  std::erase_if(preview_.tables, [this](const PreviewTable& table) { return !wanted(table); });
  return std::move(preview_);
}

}  // namespace

base::Result<Preview> preview(Plan& plan, const PreviewOptions& options) { return Previewing(plan, options).run(); }

}  // namespace weir::run
