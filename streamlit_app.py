"""The app: `streamlit run streamlit_app.py`. The pages, and the pictures that they show."""

from streamlit.starlette import App

from ui import serving

app = App("ui/app.py", routes=serving.routes())
