"""The app: `streamlit run streamlit_app.py`. The pages, and the pictures that they show."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from ui import serving, style

app = App("ui/app.py", routes=serving.routes(), middleware=[Middleware(style.Styled)])
