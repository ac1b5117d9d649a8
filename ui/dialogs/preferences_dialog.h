#pragma once

#include "ui/jobs/cached_files.h"
#include "ui/models/preferences.h"

#include <QDialog>

class QComboBox;
class QFormLayout;
class QGroupBox;
class QLabel;
class QSpinBox;

namespace bs::ui {

/// Settings for all models, and what the programs keep for later. Clearing acts at once, the rest
/// with OK.
class PreferencesDialog : public QDialog
{
    Q_OBJECT

public:
    /// `device`: what the engine computes on; may be empty.
    PreferencesDialog(const Preferences& current, const QString& device, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const bs::ui::Preferences& preferences);

private:
    QWidget* buildEngine(const QString& device);
    QWidget* buildWindow();
    QWidget* buildCache();
    void showCache(const QList<CachedFiles>& files);
    void accept() override;

    Preferences m_current;
    CacheStore m_cache;
    QSpinBox* m_threads = nullptr;
    QSpinBox* m_context = nullptr;
    QComboBox* m_language = nullptr;
    QFormLayout* m_cacheForm = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace bs::ui
