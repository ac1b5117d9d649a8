#include "ui/models/recent_files_model.h"

#include <QFileInfo>
#include <QSettings>

namespace bs::ui {

namespace {

const QString kKey = QStringLiteral("recentFiles");

} // namespace

RecentFilesModel::RecentFilesModel(QObject* parent)
    : QAbstractListModel(parent)
    , m_paths(QSettings().value(kKey).toStringList().mid(0, kMostKept))
{
}

int RecentFilesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_paths.size());
}

QVariant RecentFilesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QString& path = m_paths.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return QFileInfo(path).fileName();
    case Qt::ToolTipRole:
    case Qt::UserRole:
        return path;
    default:
        return {};
    }
}

void RecentFilesModel::assign(const QStringList& paths)
{
    beginResetModel();
    m_paths = paths;
    endResetModel();
    QSettings().setValue(kKey, m_paths);
}

void RecentFilesModel::add(const QString& path)
{
    QStringList paths = m_paths;
    paths.removeAll(path);
    paths.prepend(path);
    assign(paths.mid(0, kMostKept));
}

void RecentFilesModel::remove(const QString& path)
{
    if (!m_paths.contains(path)) return;
    QStringList paths = m_paths;
    paths.removeAll(path);
    assign(paths);
}

void RecentFilesModel::clear()
{
    assign({});
}

} // namespace bs::ui
