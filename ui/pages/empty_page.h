#pragma once

#include "ui/models/recent_files_model.h"

#include <QWidget>

class QLabel;
class QListView;
class QPushButton;

namespace bs::ui {

/// What stands in the middle while no model is open: how to open one, the demo model, the last
/// files.
class EmptyPage : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyPage(RecentFilesModel* recent, QWidget* parent = nullptr);

    /// Looks again whether the demo model is there; `fetching`: its script runs.
    void updateDemo(bool fetching);
    /// A model is being opened.
    void setBusy(const QString& text);

Q_SIGNALS:
    void openRequested();
    void openPathRequested(const QString& path);
    void demoRequested();

private:
    void updateRecent();

    QPushButton* m_open;
    QPushButton* m_demo;
    QLabel* m_demoHint;
    QLabel* m_recentTitle;
    QListView* m_recent;
    QLabel* m_busy;
    QWidget* m_offers;
};

} // namespace bs::ui
