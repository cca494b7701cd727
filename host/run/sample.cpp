#include "run/sample.hpp"

#include "pipeline/links/transform.hpp"
#include "run/execution.hpp"

namespace weir::run {
namespace {

// What all places have so far. Threads: one caller at a time, as writers are called.
struct Taken {
  std::vector<SampledPort> ports;
  std::uint64_t most = 0;    // rows of each port
  std::size_t full = 0;      // ports that have them
  Execution* run = nullptr;  // is stopped when all have
  bool all() const { return full == ports.size(); }
};

class MemoryWriter final : public pipeline::LoadWriter {
 public:
  // `port`: of `taken`, which is lent; past the last: rejects, which are left out.
  MemoryWriter(Taken& taken, std::size_t port) : taken_(taken), port_(port) {}

  base::Result<void> write(std::uint64_t /*input*/, pipeline::Batch batch) override {
    account_.rows_in += batch.live();
    account_.rows_out += batch.live();
    if (port_ == taken_.ports.size() || batch.live() == 0) return {};
    SampledPort& port = taken_.ports[port_];
    if (port.rows == taken_.most) {
      port.complete = false;
      return {};
    }
    WEIR_TRY(pipeline::materialize(batch, port.schema.get()));
    const auto found = static_cast<std::uint64_t>(batch.rows.length());
    const std::uint64_t kept = std::min(found, taken_.most - port.rows);
    if (kept < found) batch.rows = arrow::SharedArray(batch.rows.slice(0, static_cast<std::int64_t>(kept)));
    port.complete = kept == found;
    port.rows += kept;
    port.batches.push_back(std::move(batch.rows));
    if (port.rows == taken_.most && ++taken_.full == taken_.ports.size()) taken_.run->interrupt();
    return {};
  }
  base::Result<pipeline::Prepared> prepare(std::uint64_t /*epoch*/) override { return pipeline::Prepared{{}, {-1}}; }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return {}; }
  void cancel() override {}
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  Taken& taken_;
  std::size_t port_;
  integrity::Account account_;
};

// Takes rows in order: the first are those that come first in the input.
class MemoryLoad final : public pipeline::Load {
 public:
  MemoryLoad(Taken& taken, std::size_t port) : taken_(taken), port_(port), link_("sample-" + std::to_string(port)) {
    traits_.size = sizeof traits_;
    traits_.ordered = 1;
  }
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return link_; }
  const std::string& component() const override { return link_; }
  std::string shown(std::uint64_t /*input*/) const override { return link_; }
  base::Result<std::unique_ptr<pipeline::LoadWriter>> open_writer(std::vector<pipeline::WriterInput> /*inputs*/,
                                                                  const pipeline::RunIdentity& /*run*/) override {
    return std::unique_ptr<pipeline::LoadWriter>(std::make_unique<MemoryWriter>(taken_, port_));
  }
  // Nothing is committed.
  base::Result<std::unique_ptr<pipeline::LoadCommitter>> open_committer(const pipeline::RunIdentity& /*run*/) override {
    return std::unique_ptr<pipeline::LoadCommitter>();
  }

 private:
  Taken& taken_;
  std::size_t port_;
  std::string link_;
  weir_traits traits_{};
};

bool is_loaded(const Plan& plan, const Port& port) {
  for (const auto& end : plan.ends) {
    if (end.from.link == port.link && end.from.output == port.output) return true;
  }
  return false;
}

std::vector<Port> ports_of(const Plan& plan) {
  std::vector<Port> ports(1);
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    for (std::uint64_t output = 0; output < plan.links[i].outputs.size(); ++output) ports.push_back({i, output});
  }
  return ports;
}

SampledPort sampled(const Plan& plan, const Port& from) {
  SampledPort port;
  port.link = from.link ? plan.links[*from.link].component->link : plan.sources.front()->link();
  port.output = from.output;
  port.outputs = from.link ? plan.links[*from.link].outputs.size() : 1;
  port.loaded = is_loaded(plan, from);
  port.schema = weir::Schema::copy_of(plan.schema(from));
  port.complete = true;
  return port;
}

}  // namespace

base::Result<std::vector<SampledPort>> sample(Plan& plan, std::uint64_t rows) {
  Taken taken;
  taken.most = rows;
  const auto ports = ports_of(plan);
  for (const Port& port : ports) taken.ports.push_back(sampled(plan, port));
  const bool keeps_rejects = plan.reject.has_value();
  plan.loads.clear();
  plan.ends.clear();
  plan.reject.reset();
  plan.limits = {};
  for (std::size_t i = 0; i < ports.size(); ++i) {
    plan.loads.push_back(std::make_unique<MemoryLoad>(taken, i));
    plan.ends.push_back({{i, 0}, ports[i]});
  }
  if (keeps_rejects) {
    plan.reject = LoadInput{plan.loads.size(), 0};
    plan.loads.push_back(std::make_unique<MemoryLoad>(taken, ports.size()));
  }
  if (rows == 0) return std::move(taken.ports);
  Execution execution(plan);
  taken.run = &execution;
  WEIR_TRY(execution.open());
  if (auto done = execution.execute(); !done) {
    if (!taken.all() || done.error().code != "run.interrupted") return base::unexpected(std::move(done).error());
    for (SampledPort& port : taken.ports) port.complete = false;
  }
  return std::move(taken.ports);
}

}  // namespace weir::run
