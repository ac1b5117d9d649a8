#pragma once

#include "ui/models/stack_grid_model.h"
#include "ui/pages/twin_panel.h"

#include <optional>

class QComboBox;

namespace bs::ui {

class EngineSession;
class HeatMap;

/// What of the open stack is loaded, layer by matrix; follows the slider.
class HeatPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit HeatPanel(EngineSession* session, QWidget* parent = nullptr);

    const StackGridModel* model() const { return m_model; }
    /// Shows a plan that is not loaded; nothing: what is.
    void setDraft(const std::optional<QList<int>>& plan);
    void addBelow(QWidget* widget);
    void setRecipe(const Recipe& recipe) { m_model->setRecipe(recipe); }

private:
    HeatPanel(EngineSession* session, HeatMap* map, StackGridModel* model, QWidget* parent);
    void readStack();
    void readState();
    void offerValues();

    EngineSession* m_session;
    StackGridModel* m_model;
    std::optional<QList<int>> m_draft;
    QComboBox* m_value;
};

} // namespace bs::ui
