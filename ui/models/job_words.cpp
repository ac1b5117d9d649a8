#include "ui/models/job_words.h"

#include "ui/models/progress_words.h"
#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QLocale>

#include <cmath>

namespace bs::ui {

namespace {

const QString kDot = QStringLiteral(" · ");

QString nameIn(const Job& job, const char* key)
{
    return QFileInfo(job.params.value(QLatin1String(key)).toString()).fileName();
}

QString textIn(const QJsonObject& json, const char* key)
{
    return json.value(QLatin1String(key)).toString();
}

bool is(const Job& job, const char* method)
{
    return job.method == QLatin1String(method);
}

QString compressSettings(const Job& job)
{
    QString codec = textIn(job.params, "codec");
    if (codec == QLatin1String("bitstack"))
        codec = tr("bitstack, rank %1, %2 blocks")
                    .arg(job.params.value(QLatin1String("rank")).toInt())
                    .arg(job.params.value(QLatin1String("blocks")).toInt());
    const QString text = nameIn(job, "calibration");
    return codec + kDot + (text.isEmpty() ? tr("calibrated on its own text") : text);
}

QString measureSettings(const Job& job)
{
    const qint64 sizes = job.params.value(QLatin1String("budgets")).toArray().size() +
                         job.params.value(QLatin1String("spread")).toInteger() +
                         (job.params.value(QLatin1String("include_dense")).toBool() ? 1 : 0);
    QStringList parts{sizes <= 1 ? tr("one size") : tr("%1 sizes").arg(sizes), nameIn(job, "text")};
    const QString sweep = textIn(job.params, "sweep");
    if (!sweep.isEmpty()) parts.append(tr("sweep %1").arg(sweep));
    return parts.join(kDot);
}

QString exportSettings(const Job& job)
{
    const QString format = textIn(job.params, "format");
    QString form = format;
    if (format == QLatin1String("gguf")) form = tr("GGUF %1").arg(textIn(job.params, "type"));
    if (format == QLatin1String("safetensors")) form = tr("Hugging Face folder");
    if (format == QLatin1String("authors")) form = tr("checkpoint of the BitStack authors");
    if (format == QLatin1String("trim")) form = tr("BitStack file");
    const qint64 bytes = job.params.value(QLatin1String("budget_bytes")).toInteger();
    return bytes > 0 ? form + kDot + sizeText(bytes) : form;
}

/// "4.2 % a minute"
QString rateText(double sharePerSecond)
{
    const double perMinute = sharePerSecond * 60 * 100;
    if (!(perMinute > 0)) return {};
    return tr("%1 % a minute").arg(QLocale().toString(perMinute, 'f', perMinute < 10 ? 1 : 0));
}

QString timeText(const QDateTime& utc)
{
    return utc.isValid() ? QLocale().toString(utc.toLocalTime(), QLocale::ShortFormat) : QString();
}

QString doneText(const Job& job)
{
    const auto integer = [&](const char* key) {
        return job.result.value(QLatin1String(key)).toInteger();
    };
    if (is(job, "compress"))
        return tr("Compressed to %1 (%2) in %3.")
            .arg(nameIn(job, "output"), sizeText(integer("file_bytes")),
                 durationText(job.result.value(QLatin1String("seconds")).toDouble()));
    if (is(job, "export"))
        return tr("Exported to %1 (%2).").arg(nameIn(job, "output"), sizeText(integer("bytes")));
    const qsizetype points = job.result.value(QLatin1String("results")).toArray().size();
    QString text = points == 1 ? tr("Measured one size.") : tr("Measured %1 sizes.").arg(points);
    const QString note = textIn(job.result, "note");
    return note.isEmpty() ? text : text + tr(" Note: %1.").arg(note);
}

} // namespace

QString jobTitle(const Job& job)
{
    if (is(job, "compress")) return tr("Compress %1").arg(nameIn(job, "path"));
    if (is(job, "measure")) return tr("Measure %1").arg(nameIn(job, "path"));
    if (is(job, "export")) return tr("Export %1").arg(nameIn(job, "path"));
    return job.method;
}

QString jobDoing(const Job& job)
{
    if (is(job, "compress")) return tr("Compressing %1").arg(nameIn(job, "path"));
    if (is(job, "measure")) return tr("Measuring %1").arg(nameIn(job, "path"));
    if (is(job, "export")) return tr("Exporting %1").arg(nameIn(job, "path"));
    return job.method;
}

QString jobSettings(const Job& job)
{
    if (is(job, "compress")) return compressSettings(job);
    if (is(job, "measure")) return measureSettings(job);
    if (is(job, "export")) return exportSettings(job);
    return {};
}

QString jobStateText(Job::State state)
{
    switch (state) {
    case Job::State::Running:
        return tr("running");
    case Job::State::Stopping:
        return tr("stopping");
    case Job::State::Waiting:
        return tr("waiting");
    case Job::State::Left:
        return tr("left from before");
    case Job::State::Done:
        return tr("done");
    case Job::State::Stopped:
        return tr("stopped");
    case Job::State::Failed:
        return tr("failed");
    }
    return {};
}

QString jobProgressText(const Job& job)
{
    if (!job.isRunning()) return {};
    QStringList parts;
    if (job.share() >= 0)
        parts.append(tr("%1 %").arg(static_cast<int>(std::floor(job.share() * 100))));
    const QString left = durationText(job.progress.secondsLeft);
    if (!left.isEmpty()) parts.append(tr("%1 left").arg(left));
    parts += progressParts(job.progress);
    const QString rate = rateText(job.sharePerSecond);
    if (!rate.isEmpty()) parts.append(rate);
    return parts.join(kDot);
}

QString jobOutcome(const Job& job)
{
    switch (job.state) {
    case Job::State::Done:
        return doneText(job);
    case Job::State::Stopped:
        return tr("Stopped. What was finished is kept.");
    case Job::State::Failed:
        return job.error.message;
    default:
        return {};
    }
}

QString jobDetails(const Job& job)
{
    QStringList lines{jobTitle(job), jobSettings(job)};
    lines.append(job.path());
    if (!job.output().isEmpty()) lines.append(tr("to %1").arg(job.output()));
    const QString started = timeText(job.started);
    lines.append(started.isEmpty() ? jobStateText(job.state)
                                   : jobStateText(job.state) + kDot + tr("began %1").arg(started));
    for (const QString& line : {jobProgressText(job), jobOutcome(job),
                                job.state == Job::State::Failed ? job.error.details : QString()})
        if (!line.isEmpty() && !lines.contains(line)) lines.append(line);
    return lines.join(QLatin1Char('\n'));
}

} // namespace bs::ui
