#pragma once

#include <QObject>
#include <QThreadPool>

namespace bs::ui {

/// A folder or file of $XDG_CACHE_HOME/bitstack that can be made again.
struct CachedFiles
{
    QString name; ///< for people
    QString path;
    qint64 bytes = 0;
};

/// Measures and clears what the programs keep for later, on a thread of their own.
class CacheStore : public QObject
{
    Q_OBJECT

public:
    explicit CacheStore(QObject* parent = nullptr);

    /// Below this folder.
    static QString folder();

    /// measured() follows.
    void measure();
    /// Deletes what is in it; measured() follows, and failed() before it if something stayed.
    void clear(const QString& path);

Q_SIGNALS:
    void measured(const QList<bs::ui::CachedFiles>& files);
    void failed(const QString& sentence);

private:
    QThreadPool m_thread; ///< one, so that a measurement sees what was cleared before it
};

} // namespace bs::ui
