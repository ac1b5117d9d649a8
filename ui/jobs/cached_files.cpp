#include "ui/jobs/cached_files.h"

#include "ui/jobs/demo_model.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QStandardPaths>

namespace bs::ui {

namespace {

qint64 bytesIn(const QString& path)
{
    const QFileInfo info(path);
    if (!info.isDir()) return info.exists() ? info.size() : 0;
    qint64 bytes = 0;
    QDirIterator files(path, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes;
}

QList<CachedFiles> places()
{
    const QString folder = CacheStore::folder();
    return {{CacheStore::tr("Texts for calibration"), folder + QStringLiteral("/calibration"), 0},
            {CacheStore::tr("Reference distributions"), folder + QStringLiteral("/references"), 0},
            {CacheStore::tr("Demo model"), DemoModel::path(), 0}};
}

QList<CachedFiles> measuredPlaces()
{
    QList<CachedFiles> files = places();
    for (CachedFiles& place : files)
        place.bytes = bytesIn(place.path);
    return files;
}

/// The folder itself stays; false if something in it does too.
bool emptied(const QString& path)
{
    if (!QFileInfo(path).isDir()) return !QFileInfo::exists(path) || QFile::remove(path);
    bool all = true;
    const QFileInfoList entries = QDir(path).entryInfoList(QDir::AllEntries | QDir::Hidden |
                                                           QDir::System | QDir::NoDotAndDotDot);
    for (const QFileInfo& entry : entries)
        all = (entry.isDir() && !entry.isSymLink() ? QDir(entry.filePath()).removeRecursively()
                                                   : QFile::remove(entry.filePath())) &&
              all;
    return all;
}

} // namespace

CacheStore::CacheStore(QObject* parent)
    : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

QString CacheStore::folder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
           QStringLiteral("/bitstack");
}

void CacheStore::measure()
{
    m_thread.start([this] {
        QMetaObject::invokeMethod(this,
                                  [this, files = measuredPlaces()] { Q_EMIT measured(files); });
    });
}

void CacheStore::clear(const QString& path)
{
    m_thread.start([this, path] {
        if (!emptied(path))
            QMetaObject::invokeMethod(this, [this, path] {
                Q_EMIT failed(tr("%1: not everything could be deleted.").arg(path));
            });
    });
    measure();
}

} // namespace bs::ui
