#include "run/kept_loads.hpp"

#include <xxhash.h>

#include <cstdio>

#include "integrity/schema_json.hpp"
#include "run/readback.hpp"

namespace weir::run {

using nlohmann::ordered_json;

std::string digest_of(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  char digits[33];
  std::snprintf(digits, sizeof digits, "%016lx%016lx", hash.high64, hash.low64);
  return digits;
}

std::string said_of(const manifest::Use& use) {
  const ordered_json options = manifest::without_secrets(use.options).to_json();
  return digest_of(use.plugin + ":" + use.name + "\n" +
                   options.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

std::vector<recovery::KeptLoad> kept_loads(const Plan& plan, const manifest::Manifest& manifest) {
  std::vector<recovery::KeptLoad> loads;
  for (const PlannedEnd& end : plan.ends) {
    recovery::KeptLoad load;
    load.link = plan.load(end.to).link(end.to.input);
    load.schema =
        integrity::to_json(plan.schema(end.from)).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    if (const auto* const use = find_load(manifest, load.link)) load.said = said_of(*use);
    if (const auto found = plan.destinations.find(load.link); found != plan.destinations.end())
      load.destination = digest_of(found->second);
    loads.push_back(std::move(load));
  }
  return loads;
}

}  // namespace weir::run
