#pragma once

#include <QAbstractListModel>
#include <QStringList>

namespace bs::ui {

/// The files opened last, newest first, kept in the settings.
class RecentFilesModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int kMostKept = 8;

    explicit RecentFilesModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    /// DisplayRole: the name; ToolTipRole and UserRole: the whole path.
    QVariant data(const QModelIndex& index, int role) const override;

    /// Puts a path on top.
    void add(const QString& path);
    void remove(const QString& path);
    void clear();
    const QStringList& paths() const { return m_paths; }

private:
    void assign(const QStringList& paths);

    QStringList m_paths;
};

} // namespace bs::ui
