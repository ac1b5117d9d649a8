#include "ui/models/run_words.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QDateTime>
#include <QLocale>

namespace bs::ui {

namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString number(double value, int digits)
{
    return QLocale().toString(value, 'f', digits);
}

QString meaning(RunColumn column)
{
    switch (column) {
    case RunColumn::Id:
        return tr("Number of the run; a run has a row for each of its sizes");
    case RunColumn::Kind:
        return tr("What was done");
    case RunColumn::Model:
        return tr("The uncompressed model");
    case RunColumn::File:
        return tr("The file that was measured");
    case RunColumn::Codec:
        return tr("How it was compressed; dense: not at all");
    case RunColumn::Size:
        return tr("Bytes of the file at this size");
    case RunColumn::Perplexity:
        return tr("Perplexity: smaller is better");
    case RunColumn::PerplexityError:
        return tr("Standard error of the perplexity");
    case RunColumn::Divergence:
        return tr("Mean KL divergence from the uncompressed model, nats a token");
    case RunColumn::SameTop:
        return tr("How often the most likely token is the uncompressed model's");
    case RunColumn::Speed:
        return tr("Tokens a second of an answer");
    case RunColumn::Data:
        return tr("The text that was measured on, and the beginning of its hash");
    case RunColumn::Context:
        return tr("Tokens of a window");
    case RunColumn::Machine:
        return tr("Where it ran");
    case RunColumn::Started:
        return tr("When it began");
    case RunColumn::State:
        return tr("What became of it");
    case RunColumn::Sweep:
        return tr("Name of the sweep it is part of");
    case RunColumn::Note:
        return tr("What you wrote about it");
    }
    return {};
}

} // namespace

QString runColumnTitle(RunColumn column)
{
    switch (column) {
    case RunColumn::Id:
        return tr("Run");
    case RunColumn::Kind:
        return tr("Kind");
    case RunColumn::Model:
        return tr("Model");
    case RunColumn::File:
        return tr("File");
    case RunColumn::Codec:
        return tr("Codec");
    case RunColumn::Size:
        return tr("Size");
    case RunColumn::Perplexity:
        return tr("Perplexity");
    case RunColumn::PerplexityError:
        return tr("Error");
    case RunColumn::Divergence:
        return tr("KL divergence");
    case RunColumn::SameTop:
        return tr("Same top");
    case RunColumn::Speed:
        return tr("Tokens/s");
    case RunColumn::Data:
        return tr("Data");
    case RunColumn::Context:
        return tr("Context");
    case RunColumn::Machine:
        return tr("Machine");
    case RunColumn::Started:
        return tr("Started");
    case RunColumn::State:
        return tr("State");
    case RunColumn::Sweep:
        return tr("Sweep");
    case RunColumn::Note:
        return tr("Note");
    }
    return {};
}

QString runColumnTip(RunColumn column)
{
    return tr("%1.\nIn the filter line: %2").arg(meaning(column), fromView(filterName(column)));
}

QString runCellText(const RunPoint& point, RunColumn column)
{
    if (column == RunColumn::Started) return whenText(QString::fromStdString(point.run->started));
    if (!isNumber(column)) return fromView(textOf(point, column));
    const std::optional<double> value = numberOf(point, column);
    if (!value) return {};
    switch (column) {
    case RunColumn::Size:
        return sizeText(static_cast<qint64>(point.fileBytes));
    case RunColumn::Perplexity:
        return number(*value, 3);
    case RunColumn::PerplexityError:
        return QStringLiteral("± ") + number(*value, 3);
    case RunColumn::Divergence:
        return number(*value, 4);
    case RunColumn::SameTop:
        return tr("%1 %").arg(number(100 * *value, 1));
    case RunColumn::Speed:
        return number(*value, 1);
    default:
        return QString::number(static_cast<qint64>(*value));
    }
}

QVariant runCellValue(const RunPoint& point, RunColumn column)
{
    if (!isNumber(column)) return fromView(textOf(point, column));
    const std::optional<double> value = numberOf(point, column);
    return value ? QVariant(*value) : QVariant();
}

QString runCellTip(const RunPoint& point, RunColumn column)
{
    switch (column) {
    case RunColumn::Model:
        return QString::fromStdString(point.file->modelPath);
    case RunColumn::File:
        return QString::fromStdString(point.file->path);
    case RunColumn::Size:
        return point.fileBytes > 0 ? exactBytesText(static_cast<qint64>(point.fileBytes))
                                   : QString();
    case RunColumn::Started:
        return QLocale().toString(
            QDateTime::fromString(QString::fromStdString(point.run->started), Qt::ISODateWithMs)
                .toLocalTime(),
            QLocale::LongFormat);
    case RunColumn::State:
        return QString::fromStdString(point.run->error);
    default:
        return runCellText(point, column);
    }
}

} // namespace bs::ui
