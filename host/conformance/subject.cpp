#include "conformance/subject.hpp"

#include <unistd.h>

#include <fstream>

namespace weir::conformance {

namespace fs = std::filesystem;

base::Result<const Sample*> Subject::sample() {
  if (!sample_) {
    WEIR_TRY_ASSIGN(sample_, sample_of(component()));
  }
  return &*sample_;
}

base::Result<const plugins::Library*> Subject::library() {
  if (!library_) {
    announce("open");
    auto loaded = plugins::Library::load(file_, info_, {});
    if (!loaded) return skip("it does not load: " + loaded.error().message);
    library_ = std::move(loaded).value();
  }
  return library_.get();
}

base::Result<const weir_component*> Subject::description() {
  WEIR_TRY_ASSIGN(const plugins::Library* loaded, library());
  const weir_component* described = loaded->component(component().name, component().kind);
  if (described == nullptr) return skip("the descriptor has no such component");
  return described;
}

base::Result<fs::path> Subject::new_place() {
  WEIR_TRY_ASSIGN(const Sample* used, sample());
  fs::path place;
  {
    const std::lock_guard lock(mutex_);
    place = folder_ / ("place-" + std::to_string(places_++));
  }
  std::error_code problem;
  fs::create_directories(place, problem);
  for (const SampleFile& file : used->files) {
    fs::create_directories((place / file.name).parent_path(), problem);
    std::ofstream(place / file.name, std::ios::binary) << file.bytes;
  }
  if (problem) return skip("no folder to try it in: " + problem.message());
  return place;
}

void Subject::announce(std::string_view function) {
  if (progress_ < 0) return;
  const std::lock_guard lock(mutex_);
  if (announced_ == function) return;
  announced_ = function;
  const std::string line = announced_ + "\n";
  static_cast<void>(!::write(progress_, line.data(), line.size()));
}

}  // namespace weir::conformance
