#include "ui/models/csv.h"

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QSaveFile>

#include <algorithm>

namespace bs::ui {

namespace {

QString plain(const QVariant& value)
{
    if (value.typeId() == QMetaType::Double) return QString::number(value.toDouble(), 'g', 12);
    return value.toString();
}

QString quoted(QString text)
{
    static const QList<QChar> kSpecial{QLatin1Char(','), QLatin1Char('"'), QLatin1Char('\n'),
                                       QLatin1Char('\r')};
    const bool special =
        std::any_of(kSpecial.begin(), kSpecial.end(), [&](QChar c) { return text.contains(c); });
    if (!special) return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) +
           QLatin1Char('"');
}

QVariant headerOf(const QAbstractItemModel& model, int section, Qt::Orientation orientation)
{
    const QVariant machine = model.headerData(section, orientation, Qt::EditRole);
    return machine.isValid() ? machine : model.headerData(section, orientation, Qt::DisplayRole);
}

QString valueText(const QModelIndex& index)
{
    const QVariant number = index.data(Qt::EditRole);
    return plain(number.isValid() ? number : index.data(Qt::DisplayRole));
}

} // namespace

QString csvOf(const QAbstractItemModel& model)
{
    const bool names = headerOf(model, 0, Qt::Vertical).typeId() == QMetaType::QString;
    QString text;
    for (int row = -1; row < model.rowCount(); ++row) {
        QStringList cells;
        if (names)
            cells.append(row < 0 ? QString() : quoted(plain(headerOf(model, row, Qt::Vertical))));
        for (int column = 0; column < model.columnCount(); ++column)
            cells.append(quoted(row < 0 ? plain(headerOf(model, column, Qt::Horizontal))
                                        : valueText(model.index(row, column))));
        text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return text;
}

QString copyTextOf(const QModelIndexList& cells)
{
    if (cells.isEmpty()) return {};
    int left = cells.first().column();
    int right = left;
    QMap<int, QMap<int, QString>> rows;
    for (const QModelIndex& cell : cells) {
        left = std::min(left, cell.column());
        right = std::max(right, cell.column());
        rows[cell.row()][cell.column()] = cell.data(Qt::DisplayRole).toString();
    }
    QStringList lines;
    for (const QMap<int, QString>& row : std::as_const(rows)) {
        QStringList texts;
        for (int column = left; column <= right; ++column)
            texts.append(row.value(column));
        lines.append(texts.join(QLatin1Char('\t')));
    }
    return lines.join(QLatin1Char('\n'));
}

bool writeTextFile(const QString& path, const QString& text, QString* problem)
{
    QSaveFile file(path);
    const QByteArray bytes = text.toUtf8();
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return true;
    if (problem != nullptr)
        *problem = QCoreApplication::translate("Csv", "%1: cannot be written (%2)")
                       .arg(path, file.errorString());
    return false;
}

} // namespace bs::ui
