#include "ui/jobs/job.h"

#include <algorithm>

namespace bs::ui {

double Job::share() const
{
    return progress.total > 0 ? std::clamp(progress.done / progress.total, 0.0, 1.0) : -1;
}

QJsonObject Job::toJson() const
{
    return {{"method", method}, {"params", params}};
}

Job Job::fromJson(const QJsonObject& json)
{
    Job job;
    job.method = json.value(QLatin1String("method")).toString();
    job.params = json.value(QLatin1String("params")).toObject();
    return job;
}

} // namespace bs::ui
