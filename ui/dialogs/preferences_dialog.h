#pragma once

#include "ui/jobs/cached_files.h"
#include "ui/jobs/records.h"
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
    /// `devices`: what models can run on; empty if that is not known yet.
    PreferencesDialog(const Preferences& current, const QList<ComputeDevice>& devices,
                      QWidget* parent = nullptr);

    /// What there is now; what is chosen stays chosen.
    void showDevices(const QList<ComputeDevice>& devices);

Q_SIGNALS:
    void chosen(const bs::ui::Preferences& preferences);

private:
    QWidget* buildEngine(const QList<ComputeDevice>& devices);
    QWidget* buildWindow();
    QWidget* buildCache();
    void showCache(const QList<CachedFiles>& files);
    void accept() override;

    Preferences m_current;
    CacheStore m_cache;
    QComboBox* m_device = nullptr;
    QSpinBox* m_threads = nullptr;
    QSpinBox* m_context = nullptr;
    QComboBox* m_language = nullptr;
    QFormLayout* m_cacheForm = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace bs::ui
