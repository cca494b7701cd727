// weir inside another program: everything of the public C++ API.
#pragma once

#include <weir/api/outcome.hpp>
#include <weir/api/pipeline.hpp>
#include <weir/api/record.hpp>
#include <weir/api/report.hpp>
#include <weir/events/bus.hpp>
#include <weir/events/event.hpp>

namespace weir::api {

using events::EventBus;
using events::EventHandler;
using events::PipelineEvent;

}  // namespace weir::api
