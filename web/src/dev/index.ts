// All of the in-memory answers; a new area adds its file here.
import "./mock";
import "./mock-freight";
import "./mock-shipper";
import "./mock-people";
